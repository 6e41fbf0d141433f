import Foundation
import Nouns
import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Trials")
struct TrialTests {
    private let family = FixedProblem(Quadratic(batchSize: 4, dimensions: 3))
    private let optimizer = RecurrentOptimizer(layers: [4], inputs: .logAndSign(k: 5), outputScale: 0.1)

    private static let estimations: [MetaGradientEstimation] = [
        .truncatedBackpropagation(secondDerivatives: false), .evolutionStrategies(deviation: 0.01, pairs: 3),
        .persistentEvolutionStrategies(deviation: 0.01, pairs: 3),
    ]

    private func training(
        _ estimation: MetaGradientEstimation = estimations[0], of optimizer: (any Optimizer)? = nil,
        epochs: Int = 6,
        learningRate: Double = 0.01
    ) -> MetaTrainingTrial<Float> {
        MetaTrainingTrial(
            family: family, optimizer: optimizer ?? self.optimizer,
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: epochs, epochLength: 20, unrollLength: 5),
                metaOptimizer: MetaOptimizer(
                    Adam(learningRate: LearningRate(learningRate, schedule: .init(.cosine), steps: epochs * 4))),
                estimation: estimation, gradientClip: nil, averaging: 0.9, evaluationEvery: 2, evaluationEpochs: 2))
    }

    @Test func optimizationLowersTheLossAndTellsIt() throws {
        let record = Record()
        let trial = OptimizationTrial<Double>(
            family: family, optimizer: Adam(learningRate: 0.1), steps: 250, snapshotEvery: 100)
        let outcome = try trial.run(seed: 3, record.context())
        let losses = record.points(.loss)
        #expect(losses.count == 251)
        #expect(losses.last! < losses[0] / 10)
        #expect(outcome.finalLoss == losses.last!)
        #expect(outcome.bestLoss == losses.min()!)
        #expect(record.snapshots == [0, 100, 200, 250])
    }

    @Test func metaTrainingImprovesTheOptimizer() throws {
        let record = Record()
        let outcome = try training(epochs: 60).run(seed: 1, record.context())
        let evaluations = record.points(.evaluationLoss)
        #expect(outcome.evaluationLoss == evaluations.min()!)
        #expect(outcome.evaluationLoss < evaluations[0] / 2)
        #expect(outcome.epoch == 2 * (evaluations.firstIndex(of: outcome.evaluationLoss)! + 1))
        #expect(record.points(.metaLoss).count == 240)
        #expect(record.points(.metaStepSeconds).count == 240)
    }

    private static let others: [(String, any Optimizer)] = [
        (
            "linear from zeros",
            RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1, initialWeights: .zeros)
        ),
        (
            "averaging",
            ColumnRecurrentOptimizer(
                RecurrentNetwork(layers: [4], averagingCells: 1, outputScale: 0.1), .coordinates)
        ),
        ("learned lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .learned)),
        ("rnnprop", RelativeGradientOptimizer(preprocessing: 4, layers: [4])),
        ("mlp", PerceptronOptimizer(hidden: [8, 8], outputScale: 0.1)),
        ("adafacMlp", FactoredPerceptronOptimizer(hidden: [8], outputScale: 0.1)),
        ("celo2", NormalizedPerceptronOptimizer(learningRate: 0.15)),
        ("normalized", NormalizedOptimizer(units: 4, horizon: 20, knots: 5)),
        ("nominal", NominalOptimizer(units: 4, horizon: 20, knots: 5, nesterovRate: 0.002)),
    ]

    @Test(arguments: others.map(\.0)) func metaTrainingImprovesEveryOptimizer(_ name: String) throws {
        let record = Record()
        let optimizer = Self.others.first { $0.0 == name }!.1
        _ = try training(of: optimizer, epochs: 80, learningRate: 0.02).run(seed: 1, record.context())
        let losses = record.points(.metaLoss)
        let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
        #expect(last < first / 2)
    }

    /// A coordinate without a gradient, of which real data has many, must not take the meta-gradient with it, and
    /// neither must what fills up the last block.
    @Test(arguments: others.map(\.0), [false, true]) func coordinatesWithoutGradientsDoNoHarm(
        _ name: String, _ second: Bool
    ) throws {
        let optimizer = Self.others.first { $0.0 == name }!.1
        let estimation = MetaGradientEstimation.truncatedBackpropagation(secondDerivatives: second)
        let unroll: any MetaGradientEstimator<Float> = try estimation.estimator(
            Problem(Valley()), ParameterGroups(optimizer), Unroll(5))
        let key = RandomKey(seed: 2)
        let metaParameters = ElementBuffer<Float>(count: optimizer.metaParameters.elementCount)
        let metaGradient = ElementBuffer<Float>(count: metaParameters.count)
        optimizer.initializeMetaParameters(metaParameters.start, key: key)
        unroll.start(key: key)
        for _ in 0..<3 {
            let loss = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: SerialPieces())
            #expect(loss.isFinite)
            #expect(metaGradient.elements.allSatisfy { $0.isFinite })
        }
    }

    /// λ at its largest for so many steps that a coordinate nothing holds back leaves what a `Float` can hold.
    @Test func whatFillsUpTheLastBlockStaysZero() {
        let optimizer = RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1, feedback: .learned)
        let problem = Problem(Valley(dimensions: 1))
        let unroll = BlockedUnroll<Float>(problem, optimizer, Unroll(5), secondDerivatives: false)
        let metaParameters = ElementBuffer<Float>([-2, 0.01, 0, 10])
        let metaGradient = ElementBuffer<Float>(count: 4)
        unroll.start(key: RandomKey(seed: 2))
        for _ in 0..<250 {
            _ = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: SerialPieces())
        }
        #expect(metaGradient.elements.allSatisfy { $0.isFinite })
    }

    /// Stages of 5 and 10 steps, then 20 steps.
    @Test func curriculaCountMetaSteps() {
        var settings = training().settings
        #expect(settings.schedule.metaSteps == 24)
        settings.schedule.curriculum = [.init(untilEpoch: 1, epochLength: 5), .init(untilEpoch: 4, epochLength: 10)]
        #expect((0..<6).map(settings.schedule.unrolls(inEpoch:)) == [1, 2, 2, 2, 4, 4])
        #expect((0...6).map(settings.schedule.metaSteps(beforeEpoch:)) == [0, 1, 3, 5, 7, 11, 15])
        #expect(settings.schedule.trainingSteps == 75)
        // Two evaluation epochs of 20 steps after every second epoch.
        #expect([1, 3, 5, 7].map(settings.work(upToMetaStep:)) == [5, 55, 65, 115])
        settings.schedule.epochs = 2
        #expect(settings.schedule.metaSteps == 3)
    }

    @Test func aResumedCurriculumGivesTheSameBits() throws {
        var settings = training(Self.estimations[2]).settings
        settings.schedule.curriculum = [.init(untilEpoch: 1, epochLength: 5), .init(untilEpoch: 4, epochLength: 10)]
        let trial = MetaTrainingTrial<Float>(family: family, optimizer: optimizer, settings: settings)
        let straight = Record()
        let expected = try trial.run(seed: 1, straight.context())
        #expect(straight.points(.metaLoss).count == 15)
        let first = Record()
        #expect(throws: CancellationError.self) { try trial.run(seed: 1, first.context(cancelAfter: 6)) }
        let checkpoint = try #require(first.lastCheckpoint)
        #expect(checkpoint.step == 5)
        let second = Record()
        #expect(try trial.run(seed: 1, resuming: checkpoint.data, second.context()) == expected)
        #expect(Array(straight.points(.metaLoss)[5...]) == second.points(.metaLoss))
    }

    @Test func randomScalingIsForTrainingAlone() throws {
        var settings = training().settings
        func record() throws -> Record {
            let record = Record()
            _ = try MetaTrainingTrial<Float>(family: family, optimizer: optimizer, settings: settings)
                .run(seed: 1, record.context())
            return record
        }
        settings.metaOptimizer = MetaOptimizer(GradientDescent(learningRate: 0.0))
        let plain = try record()
        settings.randomScaling = -3...3
        let scaled = try record()
        #expect(plain.points(.metaLoss) != scaled.points(.metaLoss))
        #expect(plain.points(.evaluationLoss) == scaled.points(.evaluationLoss))
    }

    @Test func withoutAveragingTheMetaParametersAreKeptToTheBit() {
        let state = MetaTrainingState<Float>(
            ParameterGroups(optimizer),
            MetaUpdate(MetaOptimizer(Adam(learningRate: 0.01)), of: optimizer.metaParameters), training().settings,
            memory: nil, key: RandomKey(seed: 2))
        let average = state.averageMetaParameters
        for index in 0..<average.count { average.start[index] = 1e9 }
        state.average(decay: 0, step: 100)
        #expect(average.elements == Array(state.metaParameters.elements.prefix(average.count)))
    }

    @Test(arguments: estimations) func resumedTrainingGivesTheSameBits(_ estimation: MetaGradientEstimation) throws {
        let straight = Record()
        let training = training(estimation)
        let expected = try training.run(seed: 1, straight.context())
        let first = Record()
        #expect(throws: CancellationError.self) { try training.run(seed: 1, first.context(cancelAfter: 14)) }
        let checkpoint = try #require(first.lastCheckpoint)
        #expect(checkpoint.step == 12)
        let second = Record()
        let outcome = try training.run(seed: 1, resuming: checkpoint.data, second.context(on: ConcurrentPieces()))
        #expect(outcome == expected)
        #expect(Array(straight.points(.metaLoss)[12...]) == second.points(.metaLoss))
    }

    @Test func aForeignCheckpointIsRefused() {
        #expect(throws: TrialFailure.self) {
            try training().run(seed: 1, resuming: Data(count: 40), Record().context())
        }
    }

    /// What its only meta-parameter, 0, says is not looked at, but has an infinite derivative.
    private struct Cliff: CoordinatewiseOptimizer {
        var metaParameters: [Parameter] { [Parameter("edge", [1])] }

        func initializeMetaParameters<Scalar: TensorScalar>(
            _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
        ) { values[0] = 0 }

        func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
            let edge = metaParameters[0]
            let change = edge.isEqual(to: edge.filled(with: 0)).select(edge, edge.logarithm())
            return .init(parameter: coordinates.parameter - 0.1 * coordinates.gradient + change, state: [])
        }
    }

    /// Even at the last meta-step, which no other one follows that would fail by it.
    @Test func aMetaGradientThatIsNotFiniteFailsTheTrial() throws {
        let trial = MetaTrainingTrial<Float>(
            family: family, optimizer: Cliff(),
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: 1, epochLength: 5, unrollLength: 5),
                metaOptimizer: MetaOptimizer(GradientDescent(learningRate: 0.1)),
                estimation: .truncatedBackpropagation(secondDerivatives: false), gradientClip: nil, averaging: 0,
                evaluationEvery: 1, evaluationEpochs: 1))
        let failure = try #require(throws: TrialFailure.self) { try trial.run(seed: 1, Record().context()) }
        #expect("\(failure)".contains("the meta-gradient was not finite at meta-step 0"))
    }

    @Test(arguments: estimations) func aMetaLossThatIsNotFiniteFailsTheTrial(_ estimation: MetaGradientEstimation)
        throws
    {
        let trial = MetaTrainingTrial<Float>(
            family: family, optimizer: optimizer,
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: 50, epochLength: 20, unrollLength: 5),
                metaOptimizer: MetaOptimizer(GradientDescent(learningRate: 1e30)),
                estimation: estimation, gradientClip: nil, averaging: 0, evaluationEvery: 50, evaluationEpochs: 1))
        #expect(throws: TrialFailure.self) { try trial.run(seed: 1, Record().context()) }
    }

    @Test func tensorsKeepTheirBits() throws {
        let values: [Double] = [0.1, -0.0, .infinity, 1e-300, .pi]
        let tensor = values.withUnsafeBufferPointer {
            NamedTensor.tensors([Parameter("x", [5])], $0.baseAddress!)[0]
        }
        #expect(tensor.elements(as: Double.self).map(\.bitPattern) == values.map(\.bitPattern))
        #expect(tensor.elementType == .float64 && tensor.bytes.count == 40)
    }
}
