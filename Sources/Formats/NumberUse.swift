/// What the engine computes with a number of a spec, in the spec's precision.
///
/// A number that becomes 0 or infinite on the way there would do nothing, or make everything diverge, and neither is what
/// the spec says.
public enum NumberUse: Sendable, Hashable {
    case itself
    case squared
    /// e to the power of it.
    case exponentiated
    /// The number, which must still be less than 1 when it is rounded.
    case belowOne
}
