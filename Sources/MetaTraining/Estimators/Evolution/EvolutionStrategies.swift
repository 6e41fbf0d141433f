import TensorEngine

/// The meta-gradient of truncated unrolls by evolution strategies with antithetic pairs (Salimans et al. 2017,
/// arXiv:1703.03864; for learned optimizers Metz et al. 2019, arXiv:1810.10180).
///
/// Each pair draws ε ~ N(0, σ²) and runs the unroll with meta-parameters φ + ε and φ - ε, from one state and on the
/// same data; the estimate is the mean over the pairs of ε (L⁺ - L⁻) / 2σ². Its expectation is the gradient of the unroll's
/// meta-loss smoothed by N(0, σ²). Like truncated backpropagation it knows nothing of how φ came to bear on the state
/// where the unroll begins, and is biased by that.
///
/// The optimizee is run on with φ itself, unperturbed: that is the state which the next unroll begins at, and the
/// meta-loss that is told. No derivative by φ is taken. Cost: 2 × pairs + 1 forward unrolls, which may all run at once.
final class EvolutionStrategies<Scalar: TensorScalar>: MetaGradientEstimator {
    private let deviation: Double
    private let pairs: [AntitheticPair<Scalar>]
    private let unroll: ForwardUnroll<Scalar>
    /// Where the unperturbed optimization stands, and what will be that after the unroll.
    private var state: InnerState<Scalar>
    private var nextState: InnerState<Scalar>
    private var metaLoss = 0.0
    private var key = RandomKey(seed: 0)
    private var unrollIndex = 0

    /// - Parameter deviation: σ, of each meta-parameter's perturbation.
    init(_ unroll: ForwardUnroll<Scalar>, metaParameterCount: Int, deviation: Double, pairs: Int) {
        self.deviation = deviation
        self.unroll = unroll
        self.pairs = (0..<pairs).map { _ in AntitheticPair(unroll, metaParameterCount: metaParameterCount) }
        state = unroll.inner.makeState()
        nextState = unroll.inner.makeState()
    }

    func start(key: RandomKey) {
        self.key = key
        unrollIndex = 0
        unroll.inner.begin(state, key: key)
        for pair in pairs { pair.start(key: key) }
    }

    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let this = UncheckedSendable((estimator: self, metaParameters: metaParameters))
        executor.run(pieces: pairs.count + 1) { piece in
            this.value.estimator.run(piece: piece, this.value.metaParameters, on: executor)
        }
        swap(&state, &nextState)
        unrollIndex += 1
        metaGradient.clear()
        for pair in pairs { pair.add(pair.perturbation, to: metaGradient, deviation: deviation, pairs: pairs.count) }
        return pairs.reduce(metaLoss) { $1.metaLosses.positive.isFinite && $1.metaLosses.negative.isFinite ? $0 : .nan }
    }

    /// The unperturbed unroll, or that of a pair. All read `state`, and none changes it.
    private func run(piece: Int, _ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        guard piece > 0 else {
            nextState.copy(from: state)
            metaLoss = unroll.run(nextState, metaParameters: metaParameters, on: executor)
            return
        }
        let pair = pairs[piece - 1]
        pair.positive.copy(from: state)
        pair.negative.copy(from: state)
        pair.run(
            metaParameters: metaParameters, deviation: deviation,
            key: key.perturbation(unroll: unrollIndex, pair: piece - 1), on: executor)
    }
}
