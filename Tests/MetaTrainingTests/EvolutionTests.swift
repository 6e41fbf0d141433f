import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

/// A quadratic that is the same for all keys, so that keys draw perturbations alone.
private struct SameData: DataSource {
    let quadratic = Quadratic(batchSize: 2, dimensions: 3)

    func shapes(of batch: Batch) -> [Shape] { quadratic.shapes(of: batch) }

    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        quadratic.fill(tensors, batch, key: RandomKey(seed: 4))
    }
}

/// Its start, likewise.
private struct SameStart: Objective {
    let quadratic = Quadratic(batchSize: 2, dimensions: 3)

    var parameters: [Parameter] { quadratic.parameters }
    var isLossConvex: Bool { true }
    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs { quadratic.outputs(inputs) }
    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { quadratic.loss(outputs, batch: batch) }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        quadratic.initialize(parameters, key: RandomKey(seed: 4))
    }
}

/// θ' = θ + 0.05 (w g + b): with two meta-parameters, and gradients that are known.
@Suite("Evolution strategies")
struct EvolutionTests {
    private let optimizer = RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.05)
    private let metaParameters = ElementBuffer<Double>([-1, 0.5])
    private let epochSteps = 8

    /// The sum of the estimates over an epoch, φ held.
    private func epochGradient(_ estimator: any MetaGradientEstimator<Double>, steps: Int, seed: UInt64 = 0) -> [Double]
    {
        let estimate = ElementBuffer<Double>(count: 2)
        var total = [0.0, 0.0]
        estimator.start(key: RandomKey(seed: seed))
        for _ in 0..<epochSteps / steps {
            _ = estimator.run(metaParameters: metaParameters, metaGradient: estimate, on: SerialPieces())
            for index in 0..<2 { total[index] += estimate.start[index] }
        }
        return total
    }

    /// How many standard errors the mean of many epochs' estimates is away from what is expected, for each
    /// meta-parameter; and the standard errors.
    private func deviations(
        of estimator: any MetaGradientEstimator<Double>, steps: Int, from expected: [Double]
    ) -> [Double] {
        let samples = (0..<60).map { epochGradient(estimator, steps: steps, seed: $0) }
        return (0..<2).map { index in
            let values = samples.map { $0[index] }
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
            let error = (variance / Double(values.count)).squareRoot()
            #expect(error < 0.25 * abs(expected[index]), "so noisy an estimate tells nothing")
            return abs(mean - expected[index]) / error
        }
    }

    private func exact(steps: Int) -> [Double] {
        epochGradient(
            BlockedUnroll<Double>(
                Problem(SameStart(), SameData()), optimizer, Unroll(steps), secondDerivatives: true),
            steps: steps)
    }

    /// The gradient of the sum of an epoch's meta-losses by central differences: nothing is truncated.
    private func untruncated(steps: Int) -> [Double] {
        let unroll = ForwardUnroll<Double>(Problem(SameStart(), SameData()), optimizer, Unroll(steps))
        func total(_ changed: Int, by change: Double) -> Double {
            let values = ElementBuffer(metaParameters.elements)
            values.start[changed] += change
            let state = unroll.inner.makeState()
            unroll.inner.begin(state, key: RandomKey(seed: 0))
            return (0..<epochSteps / steps).reduce(0) { total, _ in
                total + unroll.run(state, metaParameters: values, on: SerialPieces())
            }
        }
        return (0..<2).map { (total($0, by: 1e-5) - total($0, by: -1e-5)) / 2e-5 }
    }

    private func evolution(steps: Int, pairs: Int = 40) -> EvolutionStrategies<Double> {
        EvolutionStrategies(
            Problem(SameStart(), SameData()), optimizer, Unroll(steps), deviation: 0.001, pairs: pairs)
    }

    private func persistent(steps: Int, pairs: Int = 40) -> PersistentEvolutionStrategies<Double> {
        PersistentEvolutionStrategies(
            Problem(SameStart(), SameData()), optimizer, Unroll(steps), deviation: 0.001, pairs: pairs)
    }

    @Test(arguments: [1, 4, 8]) func evolutionStrategiesMeetTheTruncatedGradient(_ steps: Int) {
        #expect(deviations(of: evolution(steps: steps), steps: steps, from: exact(steps: steps)).max()! < 4)
    }

    /// The same meta-losses without derivatives, to rounding.
    @Test func unperturbedUnrollsAreThoseOfBackpropagation() {
        let blocked = BlockedUnroll<Double>(
            Problem(SameStart(), SameData()), optimizer, Unroll(4), secondDerivatives: true)
        let evolution = evolution(steps: 4)
        let scratch = ElementBuffer<Double>(count: 2)
        blocked.start(key: RandomKey(seed: 0))
        evolution.start(key: RandomKey(seed: 0))
        for _ in 0..<3 {
            let expected = blocked.run(metaParameters: metaParameters, metaGradient: scratch, on: SerialPieces())
            let found = evolution.run(metaParameters: metaParameters, metaGradient: scratch, on: SerialPieces())
            #expect(abs(found - expected) < 1e-12 * expected)
        }
    }

    /// Vicol et al. 2021, section 4: truncation makes evolution strategies biased, and persistent ones not.
    @Test(arguments: [1, 2, 4]) func persistentOnesMeetTheGradientOfTheWholeEpoch(_ steps: Int) {
        let whole = untruncated(steps: steps)
        #expect(deviations(of: persistent(steps: steps), steps: steps, from: whole).max()! < 4)
        #expect(deviations(of: evolution(steps: steps), steps: steps, from: whole).max()! > 8)
    }

    private func single(steps: Int, pairs: Int = 40) -> PersistentEvolutionStrategies<Double> {
        PersistentEvolutionStrategies(
            Problem(SameStart(), SameData()), optimizer, Unroll(steps), deviation: 0.001, pairs: pairs,
            keepsPerturbations: true)
    }

    /// Vicol 2023, section 4: unbiased too, and however an epoch is cut, with the same variance relative to the gradient:
    /// that of evolution strategies on the whole of it.
    @Test(arguments: [1, 2, 4]) func singleOnesMeetItWithTheSameVariance(_ steps: Int) {
        #expect(deviations(of: single(steps: steps), steps: steps, from: untruncated(steps: steps)).max()! < 4)
        func relativeVariance(steps: Int) -> Double {
            let estimator = single(steps: steps, pairs: 4)
            let samples = (0..<60).map { epochGradient(estimator, steps: steps, seed: $0)[0] }
            let mean = samples.reduce(0, +) / 60
            let square = untruncated(steps: steps)[0] * untruncated(steps: steps)[0]
            return samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (59 * square)
        }
        #expect(abs(relativeVariance(steps: steps) / relativeVariance(steps: 8) - 1) < 0.05)
    }

    /// Metz et al. 2019, equation 6: weights by inverse variances.
    @Test func estimatesAreWeightedByTheirVariances() {
        // Means 2 and 7, variances of the means 1/3 and 3.
        let (first, second) = (Estimate([1, 2, 3]), Estimate([4, 7, 10]))
        #expect(abs(first.combined(with: second) - (2 * 3 + 7.0 / 3) / (3 + 1.0 / 3)) < 1e-12)
        #expect(Estimate([.nan, 1]).combined(with: second) == 7)
        #expect(Estimate([.infinity, 1]).combined(with: second) == 7)
        #expect(Estimate([5, 5]).combined(with: Estimate([6, 6])) == 5)
    }

    @Test func combinedGradientsMeetTheTruncatedOneWithLittleVariance() {
        let problem = Problem(SameStart(), SameData())
        func combined(_ deviation: Double) -> CombinedGradients<Double> {
            CombinedGradients(metaParameterCount: 2, deviation: deviation, pairs: 4) {
                BlockedUnroll<Double>(problem, optimizer, Unroll(4), secondDerivatives: true)
            }
        }
        // So near that derivatives hardly vary, they decide.
        let (found, expected) = (epochGradient(combined(1e-6), steps: 4), exact(steps: 4))
        for index in 0..<2 { #expect(abs(found[index] - expected[index]) < 1e-4 * abs(expected[index])) }
    }

    /// In one unroll there is nothing to persist.
    @Test func overOneUnrollBothAreTheSame() {
        #expect(epochGradient(persistent(steps: 8), steps: 8) == epochGradient(evolution(steps: 8), steps: 8))
    }

    @Test(arguments: [
        MetaGradientEstimation.evolutionStrategies(deviation: 0.01, pairs: 5),
        .persistentEvolutionStrategies(deviation: 0.01, pairs: 5),
        .persistentEvolutionStrategies(deviation: 0.01, pairs: 5, keepsPerturbations: true),
        .combined(deviation: 0.01, pairs: 3, secondDerivatives: true),
    ])
    func givesTheSameBitsOnAnyThreads(_ estimation: MetaGradientEstimation) {
        let optimizer = RecurrentOptimizer(layers: [6, 4], inputs: .logAndSign(k: 10), outputScale: 0.1)
        let values = ElementBuffer<Float>(count: optimizer.metaParameters.elementCount)
        optimizer.initializeMetaParameters(values.start, key: RandomKey(seed: 5))
        func run(on executor: any PieceExecutor) -> [[Float]] {
            let estimator: any MetaGradientEstimator<Float> = try! estimation.estimator(
                Problem(Quadratic(batchSize: 100, dimensions: 7)), ParameterGroups(optimizer), Unroll(5))
            let estimate = ElementBuffer<Float>(count: values.count)
            return (0..<2).flatMap { epoch in
                estimator.start(key: RandomKey(seed: UInt64(epoch)))
                return (0..<2).map { _ in
                    let metaLoss = estimator.run(metaParameters: values, metaGradient: estimate, on: executor)
                    return estimate.elements + [Float(metaLoss)]
                }
            }
        }
        let serial = run(on: SerialPieces())
        #expect(serial == run(on: ConcurrentPieces()))
        #expect(Set(serial).count == serial.count)
    }
}
