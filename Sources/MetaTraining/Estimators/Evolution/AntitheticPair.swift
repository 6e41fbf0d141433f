import TensorEngine

/// Two particles whose perturbations of the meta-parameters are each other's opposites.
///
/// Whatever the meta-loss has in even powers of the perturbation cancels in the difference of their meta-losses, which
/// takes away most of an estimate's variance (Owen 2013, chapter 8; Salimans et al. 2017, section 2.1).
final class AntitheticPair<Scalar: TensorScalar> {
    /// ε, of the latest unroll: one number for each meta-parameter.
    let perturbation: ElementBuffer<Scalar>
    let positive: InnerState<Scalar>
    let negative: InnerState<Scalar>
    /// Meta-losses of the latest unroll, at φ + ε and at φ - ε.
    private(set) var metaLosses = (positive: 0.0, negative: 0.0)
    private let unroll: ForwardUnroll<Scalar>
    private let perturbed: ElementBuffer<Scalar>

    /// - Parameter unroll: what to make working memory after.
    init(_ unroll: ForwardUnroll<Scalar>, metaParameterCount: Int) {
        self.unroll = unroll.copy()
        perturbation = ElementBuffer(count: metaParameterCount)
        perturbed = ElementBuffer(count: metaParameterCount)
        positive = unroll.inner.makeState()
        negative = unroll.inner.makeState()
    }

    /// Begins an epoch, both particles at its initial parameters.
    func start(key: RandomKey) {
        unroll.inner.begin(positive, key: key)
        negative.copy(from: positive)
    }

    /// Draws ε, normal with the deviation, and runs an unroll of both particles from where they are.
    func run(
        metaParameters: ElementBuffer<Scalar>, deviation: Double, key: RandomKey, on executor: any PieceExecutor
    ) {
        var stream = RandomStream(key)
        stream.fillNormal(
            UnsafeMutableBufferPointer(start: perturbation.start, count: perturbation.count), deviation: deviation)
        func metaLoss(_ state: InnerState<Scalar>, sign: Scalar) -> Double {
            for index in 0..<perturbed.count {
                perturbed.start[index] = metaParameters.start[index] + sign * perturbation.start[index]
            }
            return unroll.run(state, metaParameters: perturbed, on: executor)
        }
        metaLosses = (metaLoss(positive, sign: 1), metaLoss(negative, sign: -1))
    }

    /// Adds `direction` (L⁺ - L⁻) / 2σ² to `metaGradient`, divided by the number of pairs.
    func add(
        _ direction: ElementBuffer<Scalar>, to metaGradient: ElementBuffer<Scalar>, deviation: Double, pairs: Int
    ) {
        let difference = metaLosses.positive - metaLosses.negative
        let scale = Scalar(difference / (2 * deviation * deviation * Double(pairs)))
        for index in 0..<direction.count { metaGradient.start[index] += scale * direction.start[index] }
    }
}

extension RandomKey {
    /// The key of a pair's perturbation in one unroll of the epoch that has this key.
    func perturbation(unroll: Int, pair: Int) -> RandomKey {
        derived("unroll", UInt64(unroll)).derived("perturbation of the meta-parameters", UInt64(pair))
    }
}
