import Foundation
import Nouns
import Testing

@testable import JournalStore

@Suite struct WriterTests {
    let folder = try! TemporaryFolder()

    @Test func whatIsToldIsRead() throws {
        let journal = try Journal(writing: folder.file())
        let experiment = try journal.register(.sample(trials: 1))
        let trial = experiment.trials[0]
        let writer = try JournalWriter(journal)
        #expect(try writer.begin(trial, .sample) == .started)
        let parameters = [
            NamedTensor(name: "layer0/weight", shape: [2, 3], values: [1, 2, 3, 4, 5, 6] as [Float]),
            NamedTensor(name: "layer1/weight", shape: [1], values: [0.1] as [Double]),
        ]
        let optimizer = LearnedOptimizerRecord(
            name: "lstm", kind: "lstm", configuration: #"{"layers":[20,20]}"#, evaluationLoss: 0.5,
            weights: parameters.reversed())
        let choices = [
            TuningChoice(
                problem: "mnist", optimizer: "adam", candidate: "0.1", meanFinalLoss: 0.5, trials: 3, chosen: true),
            TuningChoice(
                problem: "mnist", optimizer: "adam", candidate: "10", meanFinalLoss: .infinity, trials: 3,
                chosen: false),
        ]
        writer.snapshot(trial, step: 10, parameters)
        writer.learnedOptimizer(trial, optimizer)
        writer.tuningChoices(experiment: experiment.id, choices)
        writer.complete(trial, .sample)
        try writer.finish()

        let record = try #require(try journal.trials(of: experiment.id).first)
        #expect(record.status == .completed)
        #expect(record.results == .sample)
        #expect(record.dataset == TrialStart.sample.dataset)
        #expect(record.architecture == TrialStart.sample.architecture)
        #expect(try journal.snapshotSteps(of: trial) == [10])
        #expect(try journal.snapshot(of: trial, step: 10) == parameters)
        #expect(parameters[0].floats == [1, 2, 3, 4, 5, 6])
        #expect(parameters[1].doubles == [0.1])
        #expect(try journal.learnedOptimizer(trainedBy: trial) == optimizer)
        #expect(try journal.learnedOptimizer(named: "lstm") == optimizer)
        #expect(try journal.tuningChoices(of: experiment.id) == choices)
        #expect(try writer.begin(trial, .sample) == .completed)
        #expect(journalError { _ = try journal.learnedOptimizer(named: "lsmt") }?.message.contains("mean lstm") == true)
    }

    @Test(arguments: [Double.nan, .infinity]) func aDivergedTrialIsCompletedAndSaysSo(loss: Double) throws {
        let journal = try Journal(writing: folder.file())
        let experiment = try journal.register(.sample(trials: 1))
        let writer = try JournalWriter(journal)
        _ = try writer.begin(experiment.trials[0], .sample)
        writer.complete(
            experiment.trials[0], TrialResults(steps: 9, seconds: 1, values: [.finalLoss: loss, .bestLoss: 2]))
        try writer.flush()
        let results = try #require(try journal.trials(of: experiment.id)[0].results)
        #expect(results.finalLoss.isNaN == loss.isNaN)
        #expect(!results.finalLoss.isFinite)
        #expect(try journal.sql("SELECT diverged FROM trials").rows == [[.int(1)]])
    }

    @Test func anEndIsNeverBeforeItsPoints() async throws {
        let journal = try Journal(writing: folder.file())
        let experiment = try journal.register(.sample(trials: 40))
        let writer = try JournalWriter(journal)
        let reader = try Journal(reading: folder.file())
        await withThrowingTaskGroup(of: Void.self) { group in
            for trial in experiment.trials {
                group.addTask {
                    _ = try writer.begin(trial, .sample)
                    for step in 0..<500 { writer.point(trial, Metric.loss, step: step, Float(step)) }
                    writer.complete(trial, .sample)
                }
            }
            group.addTask {
                for _ in 0..<20 {
                    for trial in try reader.trials(of: experiment.id) where trial.status == .completed {
                        #expect(try reader.points(trial: trial.id, metric: Metric.loss).steps == Array(0..<500))
                    }
                }
            }
        }
        try writer.finish()
        #expect(Set(try journal.trials(of: experiment.id).map(\.status)) == [.completed])
    }

    @Test func pointsAreCommittedWithinASecondUnasked() throws {
        let journal = try Journal(writing: folder.file())
        let trial = try journal.register(.sample(trials: 1)).trials[0]
        let writer = try JournalWriter(journal)
        _ = try writer.begin(trial, .sample)
        writer.point(trial, Metric.loss, step: 0, 1.0)
        Thread.sleep(forTimeInterval: 0.9)
        #expect(try Journal(reading: folder.file()).points(trial: trial, metric: Metric.loss).values == [1])
        withExtendedLifetime(writer) {}
    }

    @Test func aFullDiskIsToldAndNothingAfterItIsSaved() throws {
        let journal = try Journal(writing: folder.file())
        let experiment = try journal.register(.sample(trials: 2))
        let writer = try JournalWriter(journal)
        _ = try writer.begin(experiment.trials[0], .sample)
        _ = try writer.begin(experiment.trials[1], .sample)
        writer.complete(experiment.trials[0], .sample)
        try writer.flush()
        try journal.database.inDatabase { db in
            try db.execute(sql: "PRAGMA max_page_count = \(Int.fetchOne(db, sql: "PRAGMA page_count")! + 2)")
        }
        writer.points(experiment.trials[1], Metric.loss, firstStep: 0, [Double](repeating: 1.0 / 3, count: 20_000))
        let failure = try #require(journalError { try writer.flush() })
        #expect(failure.kind == .inputOutput)
        #expect(failure.message.contains("disk is full"))
        try journal.database.inDatabase { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        writer.complete(experiment.trials[1], .sample)
        #expect(journalError { try writer.flush() } == failure)
        #expect(journalError { try writer.checkHealth() } == failure)
        #expect(journalError { _ = try writer.begin(experiment.trials[1], .sample) } == failure)
        #expect(journalError { try writer.finish() } == failure)
        #expect(try journal.trials(of: experiment.id).map(\.status) == [.completed, .running])
    }

    @Test func aTrialTakenOverIsNotWrittenTwice() throws {
        let first = try Journal(writing: folder.file())
        let trial = try first.register(.sample(trials: 1)).trials[0]
        let writer = try JournalWriter(first)
        _ = try writer.begin(trial, .sample)
        try first.write {
            try $0.execute(sql: "UPDATE runs SET isLocked = 0, heartbeatAt = '2020-01-01T00:00:00.000Z'")
        }
        let second = try Journal(writing: folder.file())
        let other = try JournalWriter(second)
        #expect(try other.begin(trial, .sample) == .started)
        writer.point(trial, Metric.loss, step: 0, 1.0)
        #expect(journalError { try writer.flush() }?.message.contains("took it over") == true)
        other.complete(trial, .sample)
        try other.finish()
    }

    @Test func eachTrialIsClaimedOnce() async throws {
        let path = folder.file()
        let experiment = ExperimentRegistration.sample(trials: 60)
        let claims = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let journal = try Journal(writing: path)
                    let registered = try journal.register(experiment)
                    let writer = try JournalWriter(journal)
                    var claimed: [Int64] = []
                    for trial in registered.trials where try writer.begin(trial, .sample) == .started {
                        claimed.append(trial)
                        writer.point(trial, Metric.loss, step: 0, 1.0)
                        writer.complete(trial, .sample)
                    }
                    try writer.finish()
                    return claimed
                }
            }
            return try await group.reduce(into: [], +=)
        }
        #expect(claims.sorted() == Array(1...60))
        #expect(try Journal(reading: path).query(JournalQuery(.points)).rows.count == 60)
    }
}
