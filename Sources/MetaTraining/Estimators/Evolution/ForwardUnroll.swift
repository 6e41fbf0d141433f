import TensorEngine

/// An unroll and its losses: what estimators without derivatives run.
///
/// What is compiled is shared with its copies; each has working memory of its own, so that copies may run at once.
/// Memory: that of one inner step, whatever the number of steps.
final class ForwardUnroll<Scalar: TensorScalar> {
    let inner: any InnerStep<Scalar>
    private let unroll: Unroll

    init(_ inner: any InnerStep<Scalar>, _ unroll: Unroll) {
        self.inner = inner
        self.unroll = unroll
    }

    func copy() -> ForwardUnroll { ForwardUnroll(inner.copy(), unroll) }

    /// Takes the steps.
    ///
    /// - Parameter state: where they begin; afterwards, where they end.
    /// - Returns: the sum of the losses before each step and after the last, by their weights.
    func run(
        _ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        var metaLoss = unroll.lossWeights.weight(afterStep: state.step) * inner.loss(state, on: executor)
        for _ in 0..<unroll.length {
            inner.step(state, metaParameters: metaParameters, on: executor)
            metaLoss += unroll.lossWeights.weight(afterStep: state.step) * inner.loss(state, on: executor)
        }
        return metaLoss
    }
}
