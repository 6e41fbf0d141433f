import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Students side by side")
struct StudentsSideBySideTests {
    private let problem = Problem(Quadratic(batchSize: 4, dimensions: 3))
    private let optimizer = RecurrentOptimizer(layers: [4], inputs: .logAndSign(k: 5), outputScale: 0.1)
    private let unroll = Unroll(5)
    private let metaParameters: ElementBuffer<Double>

    init() {
        metaParameters = ElementBuffer(count: optimizer.metaParameters.elementCount)
        optimizer.initializeMetaParameters(metaParameters.start, key: RandomKey(seed: 5))
    }

    private func students(_ count: Int, _ estimation: MetaGradientEstimation) -> StudentsSideBySide<Double> {
        StudentsSideBySide(
            FixedProblem(problem), ParameterGroups(optimizer), estimation, count: count,
            metaGradientCount: metaParameters.count, memory: nil)
    }

    private static let estimations: [MetaGradientEstimation] = [
        .truncatedBackpropagation(secondDerivatives: false), .truncatedBackpropagation(secondDerivatives: true),
        .evolutionStrategies(deviation: 0.01, pairs: 2), .persistentEvolutionStrategies(deviation: 0.01, pairs: 2),
        .persistentEvolutionStrategies(deviation: 0.01, pairs: 2, keepsPerturbations: true),
        .combined(deviation: 0.01, pairs: 2, secondDerivatives: false),
    ]

    /// Three students of an epoch of four unrolls: they begin at unrolls 0, 1 and 2, and the later two go on with another
    /// problem after three and two meta-steps.
    @Test(arguments: estimations) func theirMeanIsThatOfEachOnItsOwn(_ estimation: MetaGradientEstimation) throws {
        let key = RandomKey(seed: 7)
        let students = students(3, estimation)
        let (found, scratch) = (
            ElementBuffer<Double>(count: metaParameters.count), ElementBuffer<Double>(count: metaParameters.count)
        )
        let alone = try (0..<3).map { index -> [(loss: Double, gradient: [Double])] in
            let own = index == 0 ? key : key.derived("student", UInt64(index))
            let estimator: any MetaGradientEstimator<Double> = try estimation.estimator(
                problem, ParameterGroups(optimizer), unroll)
            func run() -> (loss: Double, gradient: [Double]) {
                let loss = estimator.run(metaParameters: metaParameters, metaGradient: scratch, on: SerialPieces())
                return (loss, scratch.elements)
            }
            estimator.start(key: own)
            let first = (0..<4).map { _ in run() }
            estimator.start(key: own.derived("second problem"))
            return first.dropFirst(index) + (0..<index).map { _ in run() }
        }
        try students.start(key: key, unroll, unrolls: 4, metaParameters: metaParameters, on: ConcurrentPieces())
        for index in 0..<4 {
            let step = try students.run(
                index, metaParameters: metaParameters, metaGradient: found, on: ConcurrentPieces())
            #expect(step.notFinite == 0)
            let losses = alone.map { $0[index].loss }
            #expect(abs(step.metaLoss - losses.reduce(0, +) / 3) < 1e-12 * step.metaLoss)
            for place in 0..<found.count {
                let mean = alone.reduce(0) { $0 + $1[index].gradient[place] } / 3
                #expect(abs(found.start[place] - mean) <= 1e-12 * (1 + abs(mean)))
            }
        }
    }

    /// To the bit: no averaging and no copy comes between.
    @Test func oneStudentIsTheEstimatorItself() throws {
        let estimation = Self.estimations[1]
        let (students, key) = (students(1, estimation), RandomKey(seed: 3))
        let (found, expected) = (
            ElementBuffer<Double>(count: metaParameters.count), ElementBuffer<Double>(count: metaParameters.count)
        )
        let estimator: any MetaGradientEstimator<Double> = try estimation.estimator(
            problem, ParameterGroups(optimizer), unroll)
        estimator.start(key: key)
        try students.start(key: key, unroll, unrolls: 3, metaParameters: metaParameters, on: SerialPieces())
        for index in 0..<3 {
            let loss = estimator.run(metaParameters: metaParameters, metaGradient: expected, on: SerialPieces())
            let step = try students.run(
                index, metaParameters: metaParameters, metaGradient: found, on: SerialPieces())
            #expect(step.metaLoss == loss)
            #expect(found.elements == expected.elements)
        }
    }

    @Test(arguments: [true, false]) func theGeneralUnrollSkipsToWhereItWouldRun(_ secondDerivatives: Bool) {
        let optimizers = ParameterGroups(optimizer)
        let scratch = ElementBuffer<Double>(count: metaParameters.count)
        func secondUnroll(skipping: Bool) -> ([Double], Double) {
            let estimator = GeneralUnroll<Double>(problem, optimizers, unroll, secondDerivatives: secondDerivatives)
            estimator.start(key: RandomKey(seed: 2))
            if skipping {
                estimator.skip(metaParameters: metaParameters, scratch, on: SerialPieces())
            } else {
                _ = estimator.run(metaParameters: metaParameters, metaGradient: scratch, on: SerialPieces())
            }
            let loss = estimator.run(metaParameters: metaParameters, metaGradient: scratch, on: SerialPieces())
            return (scratch.elements, loss)
        }
        #expect(secondUnroll(skipping: true) == secondUnroll(skipping: false))
    }
}
