import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// The loss after an epoch's last step as the whole of the meta-loss.
@Suite struct FinalLossTests {
    private let optimizer = RecurrentOptimizer(layers: [4], inputs: .identity, outputScale: 0.1)
    private let problem = Problem(Quadratic(batchSize: 3, dimensions: 4))
    private let key = RandomKey(seed: 8)

    private var metaParameters: ElementBuffer<Double> {
        let values = ElementBuffer<Double>(count: optimizer.metaParameters.elementCount)
        optimizer.initializeMetaParameters(values.start, key: key)
        var stream = RandomStream(key.derived("nudge"))
        for index in 0..<values.count { values.start[index] += 0.2 * stream.normal() }
        return values
    }

    /// Meta-losses and meta-gradients of the unrolls of an epoch.
    private func run(
        _ estimator: any MetaGradientEstimator<Double>, unrolls: Int, _ metaParameters: ElementBuffer<Double>
    ) -> [(loss: Double, gradient: [Double])] {
        let gradient = ElementBuffer<Double>(count: metaParameters.count)
        estimator.start(key: key)
        return (0..<unrolls).map { _ in
            let loss = estimator.run(metaParameters: metaParameters, metaGradient: gradient, on: SerialPieces())
            return (loss, gradient.elements)
        }
    }

    private func unroll(_ length: Int, of steps: Int) -> Unroll {
        Unroll(length, lossWeights: LossWeights(.final, epochLength: steps))
    }

    /// The whole derivative, through the optimizee's gradient too, of the loss after the last step.
    @Test func itsGradientAgreesWithCentralDifferences() {
        let values = metaParameters
        func estimator() -> BlockedUnroll<Double> {
            BlockedUnroll(problem, optimizer, unroll(6, of: 6), secondDerivatives: true)
        }
        let found = run(estimator(), unrolls: 1, values)[0]
        let blocked = estimator()
        for index in 0..<values.count {
            let value = values.start[index]
            func loss(_ change: Double) -> Double {
                values.start[index] = value + change
                return run(blocked, unrolls: 1, values)[0].loss
            }
            let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5
            values.start[index] = value
            #expect(abs(found.gradient[index] - difference) < 1e-7 * max(1, abs(difference)))
        }
        #expect(found.gradient.contains { abs($0) > 1e-3 })
    }

    /// Of several unrolls the last one alone has a loss that counts, and it is that of the optimization's end.
    @Test func theLastUnrollAloneCounts() {
        let values = metaParameters
        for estimator: any MetaGradientEstimator<Double> in [
            BlockedUnroll(problem, optimizer, unroll(3, of: 9), secondDerivatives: false),
            GeneralUnroll(problem, optimizer, unroll(3, of: 9), secondDerivatives: false),
            EvolutionStrategies(
                ForwardUnroll(problem, optimizer, unroll(3, of: 9)), metaParameterCount: values.count, deviation: 0.01,
                pairs: 3),
        ] {
            let parts = run(estimator, unrolls: 3, values)
            #expect(parts.dropLast().allSatisfy { $0.loss == 0 && $0.gradient.allSatisfy { $0 == 0 } })
            #expect(parts[2].gradient.contains { $0 != 0 })
            let whole = run(
                BlockedUnroll(problem, optimizer, unroll(9, of: 9), secondDerivatives: false), unrolls: 1, values)
            #expect(abs(parts[2].loss - whole[0].loss) < 1e-12 * whole[0].loss)
        }
    }

    /// Particles that go on carry what they met before: the estimate of the last unroll is of the whole epoch.
    @Test func persistentParticlesLearnOfTheWholeEpoch() {
        let values = metaParameters
        let estimator = PersistentEvolutionStrategies(
            ForwardUnroll<Double>(problem, optimizer, unroll(4, of: 8)), metaParameterCount: values.count,
            deviation: 0.001, pairs: 1000)
        let estimates = run(estimator, unrolls: 2, values)
        #expect(estimates[0].gradient.allSatisfy { $0 == 0 })
        let exact = run(
            BlockedUnroll(problem, optimizer, unroll(8, of: 8), secondDerivatives: true), unrolls: 1, values)[0]
        func cosine(_ a: [Double], _ b: [Double]) -> Double {
            func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
            return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
        }
        #expect(cosine(estimates[1].gradient, exact.gradient) > 0.8)
    }

    /// Under a curriculum every epoch ends at a last step of its own.
    @Test func everyStageEndsAtItsOwnLastStep() {
        let schedule = EpochSchedule(
            epochs: 4, epochLength: 20, unrollLength: 5, curriculum: [.init(untilEpoch: 2, epochLength: 10)])
        let final = LossWeights(.final, epochLength: 20)
        let weights = (0..<4).map {
            schedule.unroll(final, inOptimizationOf: 5 * schedule.unrolls(inEpoch: $0)).lossWeights
        }
        #expect(weights.map { $0.weight(afterStep: 10) } == [1, 1, 0, 0])
        #expect(weights.map { $0.weight(afterStep: 20) } == [0, 0, 1, 1])
        let power = LossWeights(exponent: 1, epochLength: 20)
        #expect(schedule.unroll(power, inOptimizationOf: 10).lossWeights == power)
    }
}
