import Foundation
import GRDB
import Testing

@testable import JournalStore

@Suite struct OpeningTests {
    let folder = try! TemporaryFolder()

    /// The errors of opening to read and to write, both; the file must be left as it is.
    func errors(_ path: String) throws -> (reading: JournalError?, writing: JournalError?) {
        let before = FileManager.default.contents(atPath: path)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let reading = journalError { _ = try Journal(reading: path) }
        let writing = journalError { _ = try Journal(writing: path) }
        #expect(FileManager.default.contents(atPath: path) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
        return (reading, writing)
    }

    @Test func aMissingJournalIsNotMadeByReading() throws {
        #expect(journalError { _ = try Journal(reading: folder.file()) }?.kind == .missing)
        #expect(!FileManager.default.fileExists(atPath: folder.file()))
        let elsewhere = try errors(folder.file("no/such/journal.sqlite"))
        #expect(elsewhere.reading?.kind == .missing)
        #expect(elsewhere.writing?.kind == .missing)
    }

    @Test func aFolderIsNotAJournal() throws {
        #expect(journalError { _ = try Journal(reading: folder.path) }?.kind == .missing)
        #expect(journalError { _ = try Journal(writing: folder.path) }?.kind == .missing)
    }

    @Test(arguments: ["just a text, quite a long one, much longer than a header of a database would be", "x"])
    func textIsNotAJournal(text: String) throws {
        try text.write(toFile: folder.file(), atomically: true, encoding: .utf8)
        let found = try errors(folder.file())
        #expect(found.reading?.kind == .badData)
        #expect(found.writing?.kind == .badData)
        #expect(found.reading?.message.contains("not an SQLite database") == true)
    }

    @Test func aTruncatedJournalIsRefused() throws {
        let journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        try journal.close()
        let whole = try #require(FileManager.default.contents(atPath: folder.file()))
        for length in [50, 4096, whole.count / 2] {
            try whole.prefix(length).write(to: URL(fileURLWithPath: folder.file()))
            let found = journalError {
                let journal = try Journal(reading: folder.file())
                _ = try journal.query(JournalQuery(.points))
            }
            #expect(found?.kind == .badData, "\(length) bytes")
        }
    }

    @Test func anotherApplicationsDatabaseIsRefused() throws {
        let other = try DatabaseQueue(path: folder.file())
        try other.write { try $0.execute(sql: "CREATE TABLE experiments (id INTEGER)") }
        try other.close()
        let found = try errors(folder.file())
        #expect(found.reading?.kind == .badData)
        #expect(found.writing?.kind == .badData)
        #expect(found.writing?.message.contains("another application") == true)
    }

    @Test func aNewerJournalNamesBothVersions() throws {
        let journal = try Journal(writing: folder.file())
        try journal.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('shards')")
            try $0.execute(sql: "INSERT INTO formatHistory VALUES ('shards', '9.5', '2030-01-01T00:00:00.000Z')")
        }
        try journal.close()
        let found = try errors(folder.file())
        for error in [found.reading, found.writing] {
            #expect(error?.kind == .badData)
            #expect(error?.message.contains("journal 9.5") == true)
            #expect(error?.message.contains("this is journal 1.0") == true)
        }
    }

    @Test func anEmptyFileBecomesAJournalOnlyByWriting() throws {
        try Data().write(to: URL(fileURLWithPath: folder.file()))
        #expect(journalError { _ = try Journal(reading: folder.file()) }?.kind == .badData)
        try Journal(writing: folder.file()).close()
        #expect(try Journal(reading: folder.file()).experiments().isEmpty)
    }

    @Test func aClosedJournalIsOneFileInRollbackMode() throws {
        let journal = try Journal(writing: folder.file())
        let mode = "PRAGMA journal_mode"
        #expect(try journal.read { try String.fetchOne($0, sql: mode) } == "wal")
        let reader = try Journal(reading: folder.file())
        try recordSample(in: journal)
        #expect(try reader.experiments().count == 1)
        try reader.close()
        try journal.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["journal.sqlite"])
        let again = try Journal(reading: folder.file())
        #expect(try again.read { try String.fetchOne($0, sql: mode) } == "delete")
        #expect(try again.experiments().count == 1)
    }

    @Test func closingBesideAnotherWriterLeavesItWriting() throws {
        let first = try Journal(writing: folder.file())
        let second = try Journal(writing: folder.file())
        try first.close()
        try recordSample(in: second)
        try second.close()
        #expect(try Journal(reading: folder.file()).query(JournalQuery(.trials)).rows.count == 3)
    }

    /// A write-ahead journal on a read-only medium: only the file itself can be looked at.
    @Test func aJournalInWriteAheadModeOpensWithoutItsLog() throws {
        let journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        _ = try journal.database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        let copy = folder.file("a copy #1.sqlite")
        try FileManager.default.copyItem(atPath: folder.file(), toPath: copy)
        #expect(try Journal(reading: copy).query(JournalQuery(.trials)).rows.count == 3)
        let asItStands = try JournalFile.openAsItStands(copy)
        #expect(try asItStands.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM trials") } == 3)
    }

    /// Permission bits do not stop root, but nobody may create files in the kernel's own folders.
    @Test func aFolderThatTakesNoFilesIsAnInputOutputFault() throws {
        guard FileManager.default.fileExists(atPath: "/proc/self") else { return }
        #expect(journalError { _ = try Journal(writing: "/proc/self/journal.sqlite") }?.kind == .inputOutput)
    }

    @Test(.enabled(if: getuid() != 0)) func aReadOnlyFolderIsReadButNotWritten() throws {
        let journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        try journal.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
        #expect(journalError { _ = try Journal(writing: folder.file()) }?.kind == .inputOutput)
        #expect(try Journal(reading: folder.file()).experiments().count == 1)
    }
}
