import Foundation
import Locking
import Nouns
import Testing

@testable import JournalStore

@Suite struct TakingOverTests {
    let folder = try! TemporaryFolder()

    /// An experiment whose trials have contents; only the first `known` of them, if given.
    private func experiment(_ name: String, trials: Int = 3, known: Int = .max) -> ExperimentRegistration {
        var experiment = ExperimentRegistration.sample(name: name, hash: "hash-of-\(name)", trials: trials)
        for index in experiment.trials.indices.prefix(known) {
            experiment.trials[index].content = TrialContent(hash: "content-\(index)", optimizerSettings: nil)
        }
        return experiment
    }

    private func complete(_ registered: RegisteredExperiment, _ writer: JournalWriter, count: Int = .max) throws {
        for (index, trial) in registered.trials.enumerated().prefix(count) {
            var start = TrialStart.sample
            start.content = "content-\(index)"
            guard try writer.begin(trial, start) == .started else { continue }
            writer.points(trial, Metric.loss, firstStep: 0, [1, 0.5])
            let weight = NamedTensor(name: "w", shape: [1], elementType: .float32, bytes: Data(count: 4))
            writer.snapshot(trial, step: 0, [weight])
            writer.complete(trial, .sample)
        }
        try writer.flush()
    }

    @Test func resultsOfTheSameContentAreCopied() throws {
        let journal = try Journal(writing: folder.file())
        let writer = try JournalWriter(journal)
        let first = try writer.register(experiment("first"))
        #expect(first.takenOver.isEmpty)
        try complete(first, writer, count: 2)
        let second = try writer.register(experiment("second", known: 1))
        #expect(second.takenOver == [TakenOver(name: "first", hash: "hash-of-first", trials: 1)])
        #expect(try journal.trials(of: second.id).map(\.status) == [.completed, .queued, .queued])
        // Each from the first that has it; what is completed is not looked for again.
        let third = try writer.register(experiment("third"))
        #expect(third.takenOver.map(\.trials) == [2])
        #expect(try journal.trials(of: third.id).map(\.takenFrom) == [first.trials[0], first.trials[1], nil])
        #expect(try writer.register(experiment("third")).takenOver.isEmpty)
        #expect(try writer.begin(third.trials[0], .sample) == .completed)
        let trial = try journal.trial(third.trials[1])
        #expect(trial.results == .sample && trial.kernelTable == "avx2" && trial.content == "content-1")
        #expect(try journal.points(trial: trial.id, metric: Metric.loss).values == [1, 0.5])
        #expect(try journal.snapshotSteps(of: trial.id) == [0])
        let query = JournalQuery(.trials, experiment: "third", condition: "takenFrom = \(first.trials[1])")
        #expect(try journal.query(query).rows.map { $0[0] } == [.int(Int(trial.id))])
        // A version in its place is no source to itself, and one that is run afresh takes and gives nothing.
        let fresh = try writer.register(experiment("third"), fresh: true)
        #expect(fresh.replaces == third.id && fresh.takenOver.isEmpty)
        try complete(fresh, writer)
        let fourth = try writer.register(experiment("fourth"))
        #expect(fourth.takenOver.map(\.name) == ["first"] && fourth.takenOver.map(\.trials) == [2])
        try writer.replace(third.id, by: fresh.id)
        #expect(try writer.register(experiment("fourth")).takenOver.map(\.name) == ["third"])
        #expect(Set(try journal.trials(of: third.id).map(\.takenFrom)) == [nil])
        try writer.finish()
    }

    @Test func whatIsRunningOrFailedOrUnknownIsNotTaken() throws {
        let journal = try Journal(writing: folder.file())
        let writer = try JournalWriter(journal)
        let first = try writer.register(experiment("first"))
        var start = TrialStart.sample
        start.content = "content-0"
        _ = try writer.begin(first.trials[0], start)
        start.content = "content-1"
        _ = try writer.begin(first.trials[1], start)
        writer.fail(first.trials[1], "it broke")
        // Without a content, as one of an older program.
        _ = try writer.begin(first.trials[2], .sample)
        writer.complete(first.trials[2], .sample)
        try writer.flush()
        #expect(try writer.register(experiment("second")).takenOver.isEmpty)
        // Nor is anything taken under a trial that is being run.
        let second = try journal.experiment(named: "second").id
        let trials = try journal.trials(of: second)
        start.content = "content-0"
        _ = try writer.begin(trials[0].id, start)
        writer.complete(first.trials[0], .sample)
        try writer.flush()
        #expect(try writer.register(experiment("second")).takenOver.isEmpty)
        #expect(try writer.register(experiment("third")).takenOver.map(\.trials) == [1])
        try writer.finish()
    }

    @Test func severalAtOnceCopyOnce() throws {
        let journal = try Journal(writing: folder.file())
        let writer = try JournalWriter(journal)
        try complete(writer.register(experiment("first", trials: 40)), writer)
        let journals = try (0..<4).map { _ in try Journal(writing: folder.file()) }
        let copied = Locked(0)
        DispatchQueue.concurrentPerform(iterations: journals.count) { index in
            let registered = try? journals[index].register(experiment("second", trials: 40))
            copied.withLock { $0 += registered?.takenOver.first?.trials ?? 0 }
        }
        #expect(copied.withLock(\.self) == 40)
        #expect(try journal.sql("SELECT count(*) FROM trials WHERE status = 'completed'").rows == [[.int(80)]])
        #expect(try journal.sql("SELECT count(*) FROM curves").rows == [[.int(80)]])
        try writer.finish()
    }

    @Test func theLookUpTakesItsIndex() throws {
        let journal = try Journal(writing: folder.file())
        let plan = try journal.sql("EXPLAIN QUERY PLAN " + TakingOver.sourceQuery.replacing("?", with: "'[]'"))
        #expect(plan.rows.contains { "\($0)".contains("trialsByContent (content=?)") }, "\(plan.rows)")
    }
}
