import Locking
import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Safeguards of meta-training")
struct SafeguardTests {
    private let family = FixedProblem(Quadratic(batchSize: 4, dimensions: 3))
    private let optimizer = RecurrentOptimizer(layers: [4], inputs: .logAndSign(k: 5), outputScale: 0.1)

    private func training(
        epochs: Int = 6, learningRate: Double = 0.01, _ change: (inout MetaTrainingSettings) -> Void = { _ in }
    ) -> MetaTrainingTrial<Float> {
        var settings = MetaTrainingSettings(
            EpochSchedule(epochs: epochs, epochLength: 20, unrollLength: 5),
            metaOptimizer: MetaOptimizer(Adam(learningRate: LearningRate(learningRate))),
            estimation: .truncatedBackpropagation(secondDerivatives: false), gradientClip: nil, averaging: 0.5,
            evaluationEvery: 1, evaluationEpochs: 2)
        change(&settings)
        return MetaTrainingTrial(family: family, optimizer: optimizer, settings: settings)
    }

    /// All of them at once, killed after each checkpoint and gone on with, on other threads.
    @Test(arguments: [false, true]) func resumedTrainingGivesTheSameBits(grows: Bool) throws {
        let training = training {
            $0.students = 2
            $0.schedule.starts = .init(count: 3, epochs: 2)
            if grows {
                $0.schedule.growth = HorizonGrowth(initialLength: 5, factor: 2, evaluations: 1)
            } else {
                $0.schedule.variedLengths = 10...40
            }
            $0.safeguards = Safeguards(
                leavesOut: 3, returning: .init(evaluations: 1, rateFactor: 0.5),
                selection: .init(checkpoints: 3, epochs: 2))
        }
        let straight = Record()
        let expected = try training.run(seed: 1, straight.context())
        let losses = straight.points(.metaLoss)
        #expect(losses.count == training.settings.schedule.metaSteps(beforeEpoch: 10))
        #expect(straight.points(.evaluationLoss).count == 10)
        for limit in stride(from: 1, to: losses.count, by: 7) {
            let first = Record()
            #expect(throws: CancellationError.self) { try training.run(seed: 1, first.context(cancelAfter: limit)) }
            let checkpoint = first.lastCheckpoint
            let second = Record()
            let outcome = try training.run(
                seed: 1, resuming: checkpoint?.data, second.context(on: ConcurrentPieces()))
            #expect(outcome == expected)
            #expect(Array(losses[(checkpoint?.step ?? 0)...]) == second.points(.metaLoss))
        }
    }

    @Test func afterAReturnTheBestGoesOn() throws {
        let record = Record()
        let outcome = try training(epochs: 12, learningRate: 0.3) {
            $0.safeguards.returning = .init(evaluations: 2, rateFactor: 0)
        }.run(seed: 1, record.context())
        let losses = record.points(.evaluationLoss)
        let best = try #require(losses.firstIndex(of: outcome.evaluationLoss))
        #expect(outcome.epoch == best + 1)
        // Two evaluations that are no better, and then, with steps of no length, nothing but the best one again.
        #expect(losses[(best + 1)...(best + 2)].allSatisfy { $0 > losses[best] })
        #expect(losses.count > best + 3)
        #expect(losses[(best + 3)...].allSatisfy { $0 == losses[best] })
    }

    /// Each candidate is what a training that ends there keeps, and the choice goes by trials of it.
    @Test func theSelectionIsTheBestOnFreshProblems() throws {
        let selection = Safeguards.Selection(checkpoints: 3, epochs: 4)
        let record = Record()
        let outcome = try training { $0.safeguards.selection = selection }.run(seed: 1, record.context())
        let evaluations = record.points(.evaluationLoss)
        let candidates = evaluations.indices.sorted { evaluations[$0] < evaluations[$1] }.prefix(3)
        let key = RandomKey(seed: 1)
        let tried = try candidates.map { index -> Double in
            let shorter = try training(epochs: index + 1).run(seed: 1, Record().context())
            #expect(shorter.evaluationLoss == evaluations[...index].min())
            guard shorter.epoch == index + 1 else { return .infinity }
            let trial = OptimizationTrial<Float>(
                family: family, optimizers: ParameterGroups(optimizer),
                metaParameters: shorter.metaParameters.flatMap { $0.elements(as: Float.self) }, steps: 20)
            return try (0..<4).reduce(0) { sum, problem in
                let problemKey = key.derived("selection epoch", UInt64(problem))
                return sum
                    + (try trial.run(
                        family.problem(problemKey), key: problemKey, scoresTest: false, Record().context()
                    ).finalLoss)
            } / 4
        }
        #expect(tried.contains { $0.isFinite })
        #expect(outcome.evaluationLoss <= tried.min()!)
        if let index = tried.firstIndex(of: outcome.evaluationLoss) {
            #expect(outcome.epoch == candidates[index] + 1)
        }
        #expect(candidates.contains(outcome.epoch - 1))
    }

    /// Whichever start is best goes on; if it is the first, all is as without the others.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func theBestStartGoesOn(_ seed: UInt64) throws {
        let (one, several) = (Record(), Record())
        let alone = try training().run(seed: seed, one.context())
        let outcome = try training { $0.schedule.starts = .init(count: 3, epochs: 2) }
            .run(seed: seed, several.context())
        let (plain, all) = (one.points(.evaluationLoss), several.points(.evaluationLoss))
        // Two evaluations of each start, and four after them.
        #expect(all.count == 10)
        #expect(Array(all[..<2]) == Array(plain[..<2]))
        let bests = [0, 2, 4].map { all[$0...($0 + 1)].min()! }
        #expect(Set(bests).count == 3)
        #expect(outcome.evaluationLoss == min(bests.min()!, all[6...].min()!))
        if bests[0] == bests.min() {
            #expect(Array(all[6...]) == Array(plain[2...]))
            #expect(outcome.metaParameters == alone.metaParameters)
        } else {
            #expect(Array(all[6...]) != Array(plain[2...]))
        }
    }

    /// Its problems' losses are infinite for two keys of three.
    private struct Pitfalls: ProblemFamily {
        struct Pit: FunctionObjective {
            var isPit: Bool
            var parameters: [Parameter] { [Parameter("point", [isPit ? 3 : 2])] }

            func loss(_ parameters: [Tensor]) -> Tensor {
                let sum = parameters[0].squared().sum()
                return isPit ? sum * 1e38 : sum
            }

            func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
                parameters[0].fill(2)
            }
        }

        func problem(_ key: RandomKey) -> Problem {
            var stream = RandomStream(key.derived("pit"))
            return Problem(Pit(isPit: stream.index(below: 3) > 0))
        }

        var isUniform: Bool { false }
    }

    private func fallible(students: Int, leavesOut: Int) -> MetaTrainingTrial<Float> {
        var settings = training(epochs: 8).settings
        settings.students = students
        settings.safeguards.leavesOut = leavesOut
        return MetaTrainingTrial(family: Pitfalls(), optimizer: optimizer, settings: settings)
    }

    @Test func studentsThatAreNotFiniteAreLeftOutAndCounted() throws {
        let record = Record()
        let outcome = try fallible(students: 3, leavesOut: 1000).run(seed: 1, record.context())
        #expect((10..<96).contains(outcome.leftOut))
        #expect(record.points(.metaLoss).allSatisfy { $0.isFinite })
        // Less than all 32, for at some all three students are left out.
        #expect((16..<32).contains(record.points(.metaLoss).count))
    }

    @Test func moreThanMayBeLeftOutFailTheTraining() throws {
        let failure = try #require(throws: TrialFailure.self) {
            try fallible(students: 3, leavesOut: 5).run(seed: 1, Record().context())
        }
        #expect("\(failure)".contains("the meta-loss was"))
        #expect("\(failure)".contains(", after 5 that were left out: "))
    }

    /// Lengths of epochs are whole unrolls within their range, and as many on each stretch of the logarithm.
    @Test func variedLengthsAreLogUniform() {
        let schedule = EpochSchedule(epochs: 600, epochLength: 100, unrollLength: 5, variedLengths: 10...640)
        let lengths = (0..<600).map { schedule.unrolls(inEpoch: $0) * 5 }
        #expect(lengths.allSatisfy { (10...640).contains($0) })
        #expect(Set(lengths).count > 60)
        for octave in 1..<6 {
            let low = 10 << octave
            let share = Double(lengths.filter { (low..<2 * low).contains($0) }.count) / 600
            #expect(abs(share - 1 / 6.3) < 0.04)
        }
        #expect(schedule.trainingSteps == lengths.reduce(0, +))
        #expect(schedule.metaSteps(beforeEpoch: 17) == lengths[..<17].reduce(0, +) / 5)
    }

    /// Counts the problems that are asked for.
    private final class Counting: ProblemFamily, Sendable {
        private let family: FixedProblem
        private let asked = Locked(0)

        init(_ family: FixedProblem) { self.family = family }

        func problem(_ key: RandomKey) -> Problem {
            asked.withLock { $0 += 1 }
            return family.problem(key)
        }

        var isUniform: Bool { family.isUniform }
        var count: Int { asked.withLock { $0 } }
    }

    /// With a meta-learning rate of 0 no evaluation after the first is better.
    @Test func optimizationsGrowWhereEvaluationsGetNoBetter() throws {
        let counting = Counting(family)
        var settings = training(epochs: 7, learningRate: 0).settings
        settings.schedule.growth = HorizonGrowth(initialLength: 5, factor: 2, evaluations: 2)
        let counts = Locked<[Int]>([])
        let context = TrialContext(
            executor: SerialPieces(),
            emit: { event in
                if case .checkpoint = event { counts.withLock { $0.append(counting.count) } }
            }, now: { 0 })
        _ = try MetaTrainingTrial<Float>(family: counting, optimizer: optimizer, settings: settings)
            .run(seed: 1, context)
        let counted = counts.withLock { $0 }
        // Two of each epoch's are its evaluation's. The first evaluation is the best, two more are not: 10 steps from the
        // fourth epoch on, 20 from the sixth.
        #expect(zip(counted, [0] + counted).map { $0 - $1 - 2 } == [4, 4, 4, 2, 2, 1, 1])
    }

    /// Lengths divide an epoch, and end with all of it.
    @Test func lengthsThatGrowDivideAnEpoch() {
        let cases = [(12, 2, [1, 2, 4, 12]), (5, 2, [1, 5]), (10, 3, [1, 5, 10]), (1, 2, [1])]
        for (unrolls, factor, expected) in cases {
            let growth = HorizonGrowth(initialLength: 7, factor: factor, evaluations: 1)
            let schedule = EpochSchedule(epochs: 1, epochLength: 7 * unrolls, unrollLength: 7, growth: growth)
            var lengths = [growth.initialLength]
            while lengths.last! < schedule.epochLength { lengths.append(growth.next(after: lengths.last!, schedule)) }
            #expect(lengths == expected.map { $0 * 7 })
            #expect(growth.next(after: schedule.epochLength, schedule) == schedule.epochLength)
        }
    }

    @Test func startsAreCounted() {
        let schedule = EpochSchedule(
            epochs: 6, epochLength: 20, unrollLength: 5, curriculum: [.init(untilEpoch: 1, epochLength: 5)],
            starts: .init(count: 3, epochs: 2))
        #expect(schedule.epochsInAll == 10)
        #expect((0..<10).map(schedule.epochOfStart) == [0, 1, 0, 1, 0, 1, 2, 3, 4, 5])
        #expect((0..<10).map(schedule.start(ofEpoch:)) == [0, 0, 1, 1, 2, 2, nil, nil, nil, nil])
        #expect((0...10).map(schedule.metaSteps(beforeEpoch:)) == [0, 1, 5, 6, 10, 11, 15, 19, 23, 27, 31])
        #expect(schedule.metaSteps == 21)
        #expect(
            (0..<10).map { schedule.isEvaluated(afterEpoch: $0, every: 4) }
                == [false, true, false, true, false, true, false, true, false, true])
        #expect(schedule.epoch(afterMetaStep: 15) == 6)
    }
}
