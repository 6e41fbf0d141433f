import TensorEngine

/// Evolution strategies and truncated backpropagation together, each meta-parameter's two estimates weighted by their
/// inverse variances (Metz et al. 2019, arXiv:1810.10180, section 4.2): where unrolls are chaotic and derivatives
/// explode, evolution strategies decide; elsewhere derivatives, which are far less noisy.
///
/// Each particle has an optimization of its own with meta-parameters φ + ε or φ − ε, from which come its meta-loss and
/// its derivative by them. Both are estimates of the gradient of the meta-loss smoothed by N(0, σ²): the mean over the
/// pairs of ε (L⁺ − L⁻) / 2σ², and the mean of the derivatives. Their variances are those of the means, by the sample.
/// Where a derivative is not finite, that meta-parameter goes by evolution strategies alone.
///
/// The meta-loss that is told is the mean over all particles. Cost: 2 × pairs unrolls, there and back, which may all run
/// at once; memory likewise.
final class CombinedGradients<Scalar: TensorScalar>: MetaGradientEstimator {
    /// One unroll with its derivative, at meta-parameters of its own.
    private final class Particle {
        let estimator: any MetaGradientEstimator<Scalar>
        let metaParameters: ElementBuffer<Scalar>
        let metaGradient: ElementBuffer<Scalar>
        var metaLoss = 0.0

        init(_ estimator: any MetaGradientEstimator<Scalar>, count: Int) {
            self.estimator = estimator
            metaParameters = ElementBuffer(count: count)
            metaGradient = ElementBuffer(count: count)
        }
    }

    private let deviation: Double
    /// ε of each pair, whose particles lie one after the other in `particles`.
    private let perturbations: [ElementBuffer<Scalar>]
    private let particles: [Particle]
    private var key = RandomKey(seed: 0)
    private var unrollIndex = 0

    /// - Parameters:
    ///   - deviation: σ, of each meta-parameter's perturbation.
    ///   - pairs: two or more, so that there is a variance.
    ///   - estimator: makes one of truncated backpropagation.
    init(
        metaParameterCount: Int, deviation: Double, pairs: Int,
        _ estimator: () throws -> any MetaGradientEstimator<Scalar>
    ) rethrows {
        precondition(pairs > 1, "a variance takes two pairs")
        self.deviation = deviation
        perturbations = (0..<pairs).map { _ in ElementBuffer(count: metaParameterCount) }
        particles = try (0..<2 * pairs).map { _ in Particle(try estimator(), count: metaParameterCount) }
    }

    func start(key: RandomKey) {
        self.key = key
        unrollIndex = 0
        for particle in particles { particle.estimator.start(key: key) }
    }

    func endEpoch() { for particle in particles { particle.estimator.endEpoch() } }

    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        for (index, perturbation) in perturbations.enumerated() {
            var stream = RandomStream(key.perturbation(unroll: unrollIndex, pair: index))
            stream.fillNormal(
                UnsafeMutableBufferPointer(start: perturbation.start, count: perturbation.count), deviation: deviation)
            let (positive, negative) = (particles[2 * index].metaParameters, particles[2 * index + 1].metaParameters)
            for place in 0..<perturbation.count {
                positive.start[place] = metaParameters.start[place] + perturbation.start[place]
                negative.start[place] = metaParameters.start[place] - perturbation.start[place]
            }
        }
        let this = UncheckedSendable(particles)
        executor.run(pieces: particles.count) { index in
            let particle = this.value[index]
            particle.metaLoss = particle.estimator.run(
                metaParameters: particle.metaParameters, metaGradient: particle.metaGradient, on: executor)
        }
        unrollIndex += 1
        metaGradient.clear()
        combine(into: metaGradient)
        return particles.reduce(0) { $0 + $1.metaLoss } / Double(particles.count)
    }

    private func combine(into metaGradient: ElementBuffer<Scalar>) {
        let scales = perturbations.indices.map { index in
            (particles[2 * index].metaLoss - particles[2 * index + 1].metaLoss) / (2 * deviation * deviation)
        }
        for place in 0..<perturbations[0].count {
            let derivative = Estimate(particles.map { Double($0.metaGradient.start[place]) })
            let evolved = Estimate(zip(perturbations, scales).map { Double($0.start[place]) * $1 })
            metaGradient.start[place] = Scalar(derivative.combined(with: evolved))
        }
    }
}

/// A mean of a sample, and its variance.
struct Estimate {
    let mean: Double
    let variance: Double

    init(_ sample: [Double]) {
        let count = Double(sample.count)
        let mean = sample.reduce(0, +) / count
        self.mean = mean
        variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count * (count - 1))
    }

    /// Both, each weighted by the other's variance; this one where neither has any, the other where this is not finite.
    func combined(with other: Estimate) -> Double {
        guard mean.isFinite, variance.isFinite else { return other.mean }
        let sum = variance + other.variance
        return sum > 0 ? (mean * other.variance + other.mean * variance) / sum : mean
    }
}
