/// Whether the optimizer that a meta-training keeps optimizes at all.
public enum MetaTrainingSuccess: Sendable, Hashable {
    /// The final losses of its evaluation are lower, in the mean, than those that the optimizees began with.
    case improved
    /// They are not; the mean of those that the optimizees began with.
    case noBetter(than: Double)
    /// None of its evaluations came to a finite mean.
    case diverged
}
