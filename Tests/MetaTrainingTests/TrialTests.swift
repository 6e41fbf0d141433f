import Foundation
import Optimizers
import Problems
import Synchronization
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Trials")
struct TrialTests {
    /// What a trial told, in order.
    private final class Record: Sendable {
        private let events = Mutex<[TrialEvent]>([])

        func context(cancelAfter limit: Int = .max, on executor: any PieceExecutor = SerialPieces()) -> TrialContext {
            TrialContext(
                executor: executor,
                isCancelled: { self.points(.metaLoss).count + self.points(.loss).count >= limit },
                emit: { event in self.events.withLock { $0.append(event) } }, now: { 0 })
        }

        func points(_ wanted: Metric) -> [Double] {
            events.withLock { events in
                events.flatMap { event -> [Double] in
                    if case .points(wanted, _, _, let values) = event { return values }
                    return []
                }
            }
        }

        var lastCheckpoint: (step: Int, state: Data)? {
            events.withLock { events in
                for case .checkpoint(let step, let state) in events.reversed() { return (step, state) }
                return nil
            }
        }

        var snapshots: [Int] {
            events.withLock { events in
                events.compactMap { if case .snapshot(let step, _) = $0 { step } else { nil } }
            }
        }
    }

    private let family = FixedProblem(Quadratic(batchSize: 4, dimensions: 3))
    private let optimizer = RecurrentOptimizer(layers: [4], inputs: .logAndSign(k: 5), outputScale: 0.1)

    private func training(
        _ optimizer: (any Optimizer)? = nil, epochs: Int = 6, learningRate: Double = 0.01
    ) -> MetaTrainingTrial<Float> {
        MetaTrainingTrial(
            family: family, optimizer: optimizer ?? self.optimizer,
            settings: MetaTrainingSettings(
                epochs: epochs, steps: 20, unrollLength: 5,
                metaOptimizer: Adam(learningRate: LearningRate(learningRate, decay: .cosine, steps: epochs * 4)),
                secondDerivatives: false, gradientClip: nil, averaging: 0.9, evaluationEvery: 2, evaluationEpochs: 2))
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
        ("linear from zeros", RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1, initialWeights: .zeros)),
        ("averaging", RecurrentOptimizer(layers: [4], averagingCells: 1, outputScale: 0.1)),
        ("learned lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .learned)),
        ("rnnprop", RelativeGradientOptimizer(preprocessing: 4, layers: [4])),
        ("mlp", PerceptronOptimizer(hidden: [8, 8], outputScale: 0.1)),
    ]

    @Test(arguments: others.map(\.0)) func metaTrainingImprovesEveryOptimizer(_ name: String) throws {
        let record = Record()
        let optimizer = Self.others.first { $0.0 == name }!.1
        _ = try training(optimizer, epochs: 80, learningRate: 0.02).run(seed: 1, record.context())
        let losses = record.points(.metaLoss)
        let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
        #expect(last < first / 2)
    }

    /// A coordinate without a gradient, of which real data has many, must not take the meta-gradient with it, and
    /// neither must what fills up the last block.
    @Test(arguments: others.map(\.0), [false, true]) func coordinatesWithoutGradientsDoNoHarm(
        _ name: String, _ second: Bool
    ) {
        let optimizer = Self.others.first { $0.0 == name }!.1
        let unroll = BlockedUnroll<Float>(Valley(), optimizer, steps: 5, secondDerivatives: second)
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
        let problem = Valley(dimensions: 1)
        let unroll = BlockedUnroll<Float>(problem, optimizer, steps: 5, secondDerivatives: false)
        let metaParameters = ElementBuffer<Float>([-2, 0.01, 0, 10])
        let metaGradient = ElementBuffer<Float>(count: 4)
        unroll.start(key: RandomKey(seed: 2))
        for _ in 0..<250 {
            _ = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: SerialPieces())
        }
        #expect(metaGradient.elements.allSatisfy { $0.isFinite })
    }

    @Test func withoutAveragingTheMetaParametersAreKeptToTheBit() {
        let state = MetaTrainingState<Float>(
            optimizer, metaOptimizer: Adam(learningRate: 0.01), key: RandomKey(seed: 2))
        let average = state.averageMetaParameters
        for index in 0..<average.count { average.start[index] = 1e9 }
        state.average(decay: 0, step: 100)
        #expect(average.elements == Array(state.metaParameters.elements.prefix(average.count)))
    }

    @Test func resumedTrainingGivesTheSameBits() throws {
        let straight = Record()
        let expected = try training().run(seed: 1, straight.context())
        let first = Record()
        #expect(throws: CancellationError.self) { try training().run(seed: 1, first.context(cancelAfter: 14)) }
        let checkpoint = try #require(first.lastCheckpoint)
        #expect(checkpoint.step == 12)
        let second = Record()
        let outcome = try training().run(seed: 1, resuming: checkpoint.state, second.context(on: ConcurrentPieces()))
        #expect(outcome == expected)
        #expect(Array(straight.points(.metaLoss)[12...]) == second.points(.metaLoss))
    }

    @Test func aForeignCheckpointIsRefused() {
        #expect(throws: TrialFailure.self) {
            try training().run(seed: 1, resuming: Data(count: 40), Record().context())
        }
    }

    @Test func aMetaLossThatIsNotFiniteFailsTheTrial() throws {
        let trial = MetaTrainingTrial<Float>(
            family: family, optimizer: optimizer,
            settings: MetaTrainingSettings(
                epochs: 50, steps: 20, unrollLength: 5, metaOptimizer: GradientDescent(learningRate: 1e30),
                secondDerivatives: false, gradientClip: nil, averaging: 0, evaluationEvery: 50,
                evaluationEpochs: 1))
        #expect(throws: TrialFailure.self) { try trial.run(seed: 1, Record().context()) }
    }

    @Test func tensorsKeepTheirBits() throws {
        let values: [Double] = [0.1, -0.0, .infinity, 1e-300, .pi]
        let tensor = values.withUnsafeBufferPointer {
            NamedTensor.tensors([Parameter("x", [5])], $0.baseAddress!)[0]
        }
        #expect(try tensor.elements(as: Double.self).map(\.bitPattern) == values.map(\.bitPattern))
        #expect(tensor.elementType == "float64" && tensor.bytes.count == 40)
    }
}
