import TensorEngine

/// What tells of parameters one by one where they stand, beside their values and gradients: what teachers look at.
public protocol LocallyObservable: Sendable {
    /// What it can tell.
    var localFeatures: [LocalFeature] { get }

    /// Such features, traced: for each parameter one tensor `[rows, elements]`, the rows of one feature after those of
    /// the other.
    ///
    /// - Parameters:
    ///   - features: some of `localFeatures`, at least one.
    ///   - ofExamples: whether it is told of each example of the minibatch, all rows of one after those of the other.
    func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters: [Tensor], batch: [Tensor]
    ) -> [Tensor]
}
