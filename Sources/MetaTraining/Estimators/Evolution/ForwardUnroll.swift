import TensorEngine

/// An unroll and its losses: what estimators without derivatives run.
///
/// What is compiled is shared with its copies; each has working memory of its own, so that copies may run at once.
/// Memory: that of one inner step, whatever the number of steps.
final class ForwardUnroll<Scalar: TensorScalar> {
    let unrollLength: Int
    let inner: any InnerStep<Scalar>
    private let lossWeights: LossWeights

    init(_ inner: any InnerStep<Scalar>, unrollLength: Int, lossWeights: LossWeights = .equal) {
        self.inner = inner
        self.unrollLength = unrollLength
        self.lossWeights = lossWeights
    }

    func copy() -> ForwardUnroll {
        ForwardUnroll(inner.copy(), unrollLength: unrollLength, lossWeights: lossWeights)
    }

    /// Takes the steps.
    ///
    /// - Parameter state: where they begin; afterwards, where they end.
    /// - Returns: the sum of the losses before each step and after the last, by their weights.
    func run(
        _ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        var metaLoss = lossWeights.weight(afterStep: state.step) * inner.loss(state, on: executor)
        for _ in 0..<unrollLength {
            inner.step(state, metaParameters: metaParameters, on: executor)
            metaLoss += lossWeights.weight(afterStep: state.step) * inner.loss(state, on: executor)
        }
        return metaLoss
    }
}
