import Nouns
import Testing

@testable import JournalStore

@Suite struct FreshVersionTests {
    let folder = try! TemporaryFolder()

    /// Completes the trials of a registered version with a loss.
    private func complete(
        _ registered: RegisteredExperiment, _ writer: JournalWriter, loss: Double, count: Int = .max
    ) throws {
        for trial in registered.trials.prefix(count) {
            _ = try writer.begin(trial, .sample)
            writer.point(trial, Metric.loss, step: 0, loss)
            writer.complete(trial, TrialResults(steps: 1, seconds: 0, values: [.finalLoss: loss, .bestLoss: loss]))
        }
        try writer.flush()
    }

    private func losses(_ journal: Journal) throws -> [QueryResult.Value] {
        try journal.query(JournalQuery(.trials, experiment: "l2l-mnist")).rows.map { $0[9] }
    }

    @Test func whatWasThereStandsUntilItIsReplaced() throws {
        let journal = try Journal(writing: folder.file())
        let old = try journal.register(.sample())
        let writer = try JournalWriter(journal)
        try complete(old, writer, loss: 0.5)
        let other = try recordSample(in: journal, .sample(hash: "other"))

        let fresh = try writer.register(.sample(), fresh: true)
        #expect(fresh.id != old.id && fresh.replaces == old.id)
        try complete(fresh, writer, loss: 0.25, count: 2)
        let stands = JournalQuery(.trials, experiment: "l2l-mnist@abc123", sort: "finalLoss")
        #expect(try journal.query(stands).rows.map { $0[9] } == [.double(0.5), .double(0.5), .double(0.5)])
        #expect(try journal.sql("SELECT count(*) FROM trialSummary").rows == [[.int(6)]])
        #expect(try journal.experiments().map(\.hash) == ["abc123", "other"])
        #expect(try journal.query(JournalQuery(.experiments)).rows.count == 2)

        let again = try writer.register(.sample(), fresh: true)
        #expect(again.id == fresh.id && again.isKnown && again.trials == fresh.trials)
        #expect(try writer.begin(again.trials[0], .sample) == .completed)
        try complete(RegisteredExperiment(id: again.id, trials: [again.trials[2]], isKnown: true), writer, loss: 0.25)
        try writer.replace(old.id, by: fresh.id)
        #expect(try journal.query(stands).rows.map { $0[9] } == [.double(0.25), .double(0.25), .double(0.25)])
        #expect(try journal.experiment(named: "l2l-mnist@abc123").id == old.id)
        #expect(try journal.sql("SELECT DISTINCT trial FROM curves").rows.count == 3 + other.trials.count)
        #expect(try journal.sql("SELECT count(*) FROM experiments").rows == [[.int(2)]])
        try writer.replace(old.id, by: fresh.id)
        #expect(try journal.trials(of: old.id).count == 3)
        try writer.finish()
    }

    @Test func whereNothingWasBegunThereIsNothingToKeep() throws {
        let journal = try Journal(writing: folder.file())
        let first = try journal.register(.sample())
        let fresh = try journal.register(.sample(), fresh: true)
        #expect(fresh.id == first.id && fresh.replaces == nil)
    }

    @Test func trialsThatAreRunningStay() throws {
        let journal = try Journal(writing: folder.file())
        let first = try journal.register(.sample())
        let writer = try JournalWriter(journal)
        _ = try writer.begin(first.trials[0], .sample)
        let refusal = try #require(journalError { _ = try journal.register(.sample(), fresh: true) })
        #expect(refusal.message.contains("is being run by process"))
        withExtendedLifetime(writer) {}
    }
}
