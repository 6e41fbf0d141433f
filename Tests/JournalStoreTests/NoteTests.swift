import Foundation
import GRDB
import Testing

@testable import JournalStore

@Suite struct NoteTests {
    let folder = try! TemporaryFolder()
    let journal: Journal
    let version: ExperimentRecord

    init() throws {
        journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        version = try journal.experiment(named: "l2l-mnist")
    }

    @Test func notesAreOfTheExperimentAcrossItsVersions() throws {
        try journal.addNote("  first\n", to: version)
        try recordSample(in: journal, .sample(hash: "def456"))
        let newer = try journal.experiment(named: "l2l-mnist")
        let trial = try journal.trials(of: newer.id)[1]
        try journal.addNote("on a trial", to: newer, trial: trial)
        try journal.addNote("it learns", to: newer, kind: .conclusion)
        try recordSample(in: journal, .sample(name: "other", hash: "123"))
        try journal.addNote("of another", to: journal.experiment(named: "other"))
        let notes = try journal.notes(of: "l2l-mnist")
        #expect(notes.map(\.text) == ["first", "on a trial", "it learns"])
        #expect(notes.map(\.kind) == [.note, .note, .conclusion])
        #expect(notes.map(\.version) == ["abc123", "def456", "def456"])
        #expect(notes.map(\.trialIdentity) == [nil, "trial-1", nil])
        #expect(try journal.trialsWithNotes() == [notes[1].id: trial.id])
        #expect(try journal.notes().count == 4)
        #expect(notes.allSatisfy { Instant.date($0.createdAt) != nil })
    }

    @Test(arguments: [
        "UPDATE notes SET text = 'other'", "DELETE FROM notes", "INSERT OR REPLACE INTO notes SELECT * FROM notes",
    ])
    func whatIsNotedStays(statement: String) throws {
        try journal.addNote("as it was", to: version)
        let database = try DatabaseQueue(path: folder.file())
        #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: statement) } }
        try database.close()
        #expect(try journal.notes().map(\.text) == ["as it was"])
    }

    @Test(arguments: ["", " \n\t", "a\0b"]) func whatIsNoTextIsNotNoted(text: String) throws {
        #expect(journalError { try journal.addNote(text, to: version) }?.kind == .usage)
        #expect(try journal.notes().isEmpty)
    }

    @Test func whatIsGoneIsNotNotedOn() throws {
        let trial = try journal.trials(of: version.id)[0]
        try journal.delete(journal.deletion(ofTrial: trial.id))
        #expect(journalError { try journal.addNote("late", to: version, trial: trial) }?.kind == .missing)
        try journal.delete(journal.deletion(of: "l2l-mnist"))
        #expect(journalError { try journal.addNote("late", to: version) }?.kind == .missing)
        #expect(try journal.notes().isEmpty)
    }

    @Test func aTrialThatIsRunAfreshKeepsItsNotes() throws {
        let trial = try journal.trials(of: version.id)[0]
        try journal.addNote("odd", to: version, trial: trial)
        let fresh = try journal.register(.sample(), fresh: true)
        let writer = try JournalWriter(journal)
        for trial in fresh.trials {
            _ = try writer.begin(trial, .sample)
            writer.complete(trial, .sample)
        }
        try writer.replace(#require(fresh.replaces), by: fresh.id)
        try writer.finish()
        #expect(try Array(journal.trialsWithNotes().values) == [fresh.trials[0]])
    }

    @Test func tagsAreGivenAndTakenAway() throws {
        func tags(_ names: String...) throws -> [ExperimentTag] { try names.map { try ExperimentTag($0) } }
        #expect(try journal.tag("l2l-mnist", adding: tags("b", "a")) == ["a", "b"])
        #expect(try journal.tag("l2l-mnist", adding: tags("a", "c"), removing: tags("b")) == ["a", "c"])
        #expect(journalError { try journal.tag("l2l-mnist", adding: tags("d"), removing: tags("b")) }?.kind == .missing)
        #expect(try journal.tags() == ["l2l-mnist": ["a", "c"]])
        #expect(journalError { try journal.tag("l2l", adding: tags("a")) }?.message.contains("l2l-mnist") == true)
        let row = try journal.query(JournalQuery(.experiments, condition: "tags LIKE '%c%'")).rows
        #expect(row.count == 1 && row[0].contains(.text("a c")))
    }

    @Test(arguments: ["", "-a", "+a", "a b", "a\nb", String(repeating: "a", count: 65), "a'b"])
    func whatIsNoWordIsNoTag(name: String) {
        #expect(journalError { _ = try ExperimentTag(name) }?.kind == .usage)
    }

    @Test func anArchivedExperimentComesBackAsItWas() throws {
        try journal.archive("l2l-mnist")
        let since = try #require(try journal.archivedExperiments()["l2l-mnist"])
        try journal.archive("l2l-mnist")
        #expect(try journal.archivedExperiments() == ["l2l-mnist": since])
        #expect(try journal.query(JournalQuery(.experiments, condition: "archivedAt IS NULL")).rows.isEmpty)
        try journal.unarchive("l2l-mnist")
        #expect(try journal.archivedExperiments().isEmpty)
        #expect(journalError { try journal.archive("l2l") }?.kind == .missing)
    }

    /// é is one scalar or two.
    @Test func oneNameInTwoSpellingsHasOneSetOfNotes() throws {
        try recordSample(in: journal, .sample(name: "caf\u{E9}", hash: "1"))
        try recordSample(in: journal, .sample(name: "cafe\u{301}", hash: "2"))
        for version in try journal.experiments(named: "caf\u{E9}") { try journal.addNote(version.hash, to: version) }
        try journal.tag("cafe\u{301}", adding: [ExperimentTag("drink")])
        try journal.archive("caf\u{E9}")
        #expect(try journal.notes(of: "cafe\u{301}").map(\.text) == ["1", "2"])
        #expect(try journal.tag("caf\u{E9}", adding: [], removing: [ExperimentTag("drink")]).isEmpty)
        try journal.delete(journal.deletion(of: "caf\u{E9}"))
        #expect(try journal.notes().isEmpty && journal.archivedExperiments().isEmpty)
    }
}
