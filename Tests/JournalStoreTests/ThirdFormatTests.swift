import Foundation
import Nouns
import Testing

@testable import JournalStore

/// A journal as version 0.4.0 left it: an experiment that is complete, with results that are not numbers, and one that
/// was interrupted after a checkpoint. `Journals/README.md` says how it was made.
@Suite struct ThirdFormatTests {
    let folder = try! TemporaryFolder()

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Journals/third-format.sqlite")
        try FileManager.default.copyItem(atPath: file.path, toPath: folder.file())
    }

    /// The digests are those that version 0.4.0 had of it.
    private func requireAll(_ journal: Journal) throws {
        let experiments = try journal.experiments()
        #expect(experiments.map(\.name) == ["tiny", "long"])
        #expect(
            try experiments.map { try journal.resultDigest(of: $0.id) } == [
                "4a88f067126f08aa6b80cb651ed485bb44b5c5d3ea3c3ac3dfbd5c395ec902c8",
                "d184631cc6d55641fd82e9b753cab9887d74e23dea7d71f223220ec9e5cdc060",
            ])
        let trials = try journal.trials(of: experiments[0].id)
        #expect(trials.map(\.status) == Array(repeating: .completed, count: 9))
        let results = try trials.map { try #require($0.results) }
        #expect(results[0].values == [.finalLoss: 0.670113722483317, .bestLoss: 0.035591378808021545])
        #expect(results[7].finalLoss.isNaN && results[7].bestLoss.isFinite && results[7].isDiverged)
        #expect(results[0].note?.contains("not learned to optimize") == true)
        #expect(try journal.trials(of: experiments[1].id).map(\.results) == [nil])
    }

    @Test func itIsReadAsItLies() throws {
        let before = FileManager.default.contents(atPath: folder.file())
        try requireAll(try Journal(reading: folder.file()))
        #expect(FileManager.default.contents(atPath: folder.file()) == before)
    }

    @Test func itIsBroughtUpAndWrittenOn() throws {
        let journal = try Journal(writing: folder.file())
        try requireAll(journal)
        let writer = try JournalWriter(journal)
        guard case .resumed(let checkpoint) = try writer.begin(10, .sample) else {
            Issue.record("the interrupted trial does not go on")
            return
        }
        #expect(checkpoint.step == 33)
        #expect(try journal.points(trial: 10, metric: .metaLoss).steps == Array(0..<33))
        writer.complete(10, TrialResults(steps: 1, seconds: 2, values: [.finalLoss: 3]))
        try writer.finish()
        #expect(try journal.trial(10).results?.values == [.finalLoss: 3])
    }

    @Test func itGainsNotes() throws {
        #expect(try Journal(reading: folder.file()).notes().isEmpty)
        let journal = try Journal(writing: folder.file())
        try journal.addNote("still here", to: journal.experiment(named: "tiny"), trial: journal.trial(1))
        try journal.close()
        let again = try Journal(reading: folder.file())
        #expect(try again.notes(of: "tiny").map(\.text) == ["still here"])
        try requireAll(again)
    }

    /// What people wrote for the tables of before still gives what it gave.
    @Test func plainSQLFindsTheColumnsOfBefore() throws {
        let journal = try Journal(writing: folder.file())
        let rows = try journal.sql("SELECT id, finalLoss, testLoss, nanResults FROM trials WHERE id IN (2, 8)").rows
        #expect(rows[0] == [.int(2), .double(0.6022570133209228), .null, .null])
        #expect(rows[1] == [.int(8), .double(.infinity), .null, .text("finalLoss")])
        let mean = "SELECT count(*) FROM trialSummary WHERE kind = 'evaluation' AND finalLoss < 1 AND accuracy IS NULL"
        #expect(try journal.sql(mean).rows == [[.int(4)]])
    }
}
