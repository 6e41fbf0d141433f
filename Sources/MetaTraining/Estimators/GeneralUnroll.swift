import TensorEngine

/// Truncated backpropagation for any optimizer: the exact derivative of each unroll's meta-loss, as if the state that it
/// begins at were given. It keeps the state before each step, and computes the step again on the way back.
///
/// Memory: a state for each step. Where all optimizers are coordinatewise, ``BlockedUnroll`` has the same result for
/// less.
final class GeneralUnroll<Scalar: TensorScalar>: MetaGradientEstimator {
    private let inner: any DifferentiableInnerStep<Scalar>
    private let lossWeights: LossWeights
    /// Before each step and after the last.
    private let states: [InnerState<Scalar>]
    private let cotangents: InnerCotangents<Scalar>

    init(_ inner: any DifferentiableInnerStep<Scalar>, _ unroll: Unroll) {
        self.inner = inner
        lossWeights = unroll.lossWeights
        states = (0...unroll.length).map { _ in inner.makeState() }
        cotangents = inner.makeCotangents()
    }

    func start(key: RandomKey) { inner.begin(states[states.count - 1], key: key) }

    func skip(
        metaParameters: ElementBuffer<Scalar>, _ scratch: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) {
        let state = states[states.count - 1]
        for _ in 0..<states.count - 1 {
            _ = inner.loss(state, on: executor)
            inner.step(state, metaParameters: metaParameters, on: executor)
        }
    }

    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let last = states[states.count - 1]
        states[0].copy(from: last)
        var metaLoss = 0.0
        for (state, next) in zip(states, states.dropFirst()) {
            metaLoss += weight(state) * inner.loss(state, on: executor)
            next.copy(from: state)
            inner.step(next, metaParameters: metaParameters, on: executor)
        }
        metaLoss += weight(last) * inner.loss(last, on: executor)

        metaGradient.clear()
        cotangents.clear()
        let lastWeight = Scalar(weight(last))
        for index in 0..<last.gradient.count {
            cotangents.parameters.start[index] = lastWeight * last.gradient.start[index]
        }
        for state in states.dropLast().reversed() {
            inner.pullBack(
                state, lossWeight: weight(state), metaParameters: metaParameters, cotangents: cotangents,
                metaGradient: metaGradient, on: executor)
        }
        return metaLoss
    }

    /// How much the loss at a state counts.
    private func weight(_ state: InnerState<Scalar>) -> Double { lossWeights.weight(afterStep: state.step) }
}
