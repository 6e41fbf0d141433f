import TensorEngine

/// Persistent evolution strategies with antithetic pairs: the meta-gradient of a whole epoch, without bias by
/// truncation, a truncated unroll at a time (Vicol, Metz and Sohl-Dickstein 2021, arXiv:2112.13835, algorithm 2).
///
/// Every particle has an optimization of its own, which goes on from unroll to unroll, and adds up the perturbations
/// that it has met: ξ is the sum of its ε since the epoch began. The estimate at an unroll is the mean over the pairs of
/// ξ (L⁺ - L⁻) / 2σ². With φ held, the sum of the estimates over an epoch has as its expectation the gradient of the
/// sum of its meta-losses (smoothed, each unroll's φ on its own). Variance grows with the number of unrolls.
///
/// Where a particle keeps the one perturbation that it drew for the epoch, ξ is that ε: ES-Single (Vicol 2023,
/// arXiv:2304.11153, algorithm 1), whose variance does not grow with the number of unrolls, and whose estimate is that
/// of evolution strategies on the whole epoch.
///
/// The meta-loss that is told is the mean over all particles: no unperturbed one is run. No derivative by φ is taken.
/// Cost: 2 × pairs forward unrolls, which may all run at once.
final class PersistentEvolutionStrategies<Scalar: TensorScalar>: MetaGradientEstimator {
    private let deviation: Double
    /// Whether ε is drawn once an epoch, not at each unroll.
    private let keepsPerturbations: Bool
    private let pairs: [AntitheticPair<Scalar>]
    /// ξ of each pair's first particle; that of the second is its opposite.
    private let accumulated: [ElementBuffer<Scalar>]
    private var key = RandomKey(seed: 0)
    private var unrollIndex = 0

    /// - Parameter deviation: σ, of each meta-parameter's perturbation in an unroll.
    init(
        _ unroll: ForwardUnroll<Scalar>, metaParameterCount: Int, deviation: Double, pairs: Int,
        keepsPerturbations: Bool = false
    ) {
        self.deviation = deviation
        self.keepsPerturbations = keepsPerturbations
        self.pairs = (0..<pairs).map { _ in AntitheticPair(unroll, metaParameterCount: metaParameterCount) }
        accumulated = (0..<pairs).map { _ in ElementBuffer(count: metaParameterCount) }
    }

    func start(key: RandomKey) {
        self.key = key
        unrollIndex = 0
        for (pair, sum) in zip(pairs, accumulated) {
            pair.start(key: key)
            sum.clear()
        }
    }

    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let this = UncheckedSendable((estimator: self, metaParameters: metaParameters))
        executor.run(pieces: pairs.count) { index in
            let estimator = this.value.estimator
            estimator.pairs[index].run(
                metaParameters: this.value.metaParameters, deviation: estimator.deviation,
                key: estimator.key.perturbation(unroll: estimator.unrollIndex, pair: index), on: executor)
        }
        if !keepsPerturbations { unrollIndex += 1 }
        metaGradient.clear()
        for (pair, sum) in zip(pairs, accumulated) {
            if keepsPerturbations {
                sum.copy(from: pair.perturbation)
            } else {
                for index in 0..<sum.count { sum.start[index] += pair.perturbation.start[index] }
            }
            pair.add(sum, to: metaGradient, deviation: deviation, pairs: pairs.count)
        }
        let total = pairs.reduce(0) { $0 + $1.metaLosses.positive + $1.metaLosses.negative }
        return total / Double(2 * pairs.count)
    }
}
