import Foundation
import GRDB
import Locking
import Testing

@testable import JournalStore

/// A journal whose file is not left alone while it is written.
@Suite struct JournalInPlaceTests {
    let folder = try! TemporaryFolder()

    @Test(arguments: [true, false]) func aJournalThatIsGoneIsNotReportedAsWritten(isMoved: Bool) throws {
        let journal = try Journal(writing: folder.file())
        let trial = try journal.register(.sample(trials: 1)).trials[0]
        let writer = try JournalWriter(journal)
        _ = try writer.begin(trial, .sample)
        if isMoved {
            try FileManager.default.moveItem(atPath: folder.file(), toPath: folder.file("other.sqlite"))
        } else {
            try FileManager.default.removeItem(atPath: folder.file())
        }
        writer.complete(trial, .sample)
        let error = try #require(journalError { try writer.flush() })
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains("removed, moved or replaced"))
        #expect(journalError { try writer.finish() } == error)
        try journal.close()
    }

    @Test func aForeignLockIsWaitedFor() throws {
        let said = Locked<[String]>([])
        let patience = LockPatience(report: { text in said.withLock { $0.append(text) } })
        let journal = try Journal(writing: folder.file(), programVersion: "1.0", patience: patience)
        let writer = try JournalWriter(journal)
        let other = try DatabaseQueue(path: folder.file())
        let isHeld = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            try? other.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                isHeld.signal()
                usleep(3_400_000)
                try db.execute(sql: "ROLLBACK")
            }
        }
        isHeld.wait()
        let registered = try writer.register(.sample(trials: 1))
        #expect(registered.trials.count == 1)
        try writer.finish()
        let messages = said.withLock(\.self)
        #expect(
            messages.count == 2 && messages[0].contains("locked by another program") && messages[1].contains("free"))
    }

    @Test func onceToldToStopWaitingEnds() {
        let patience = LockPatience(isToldToStop: { true })
        #expect(patience.waits(for: "journal.sqlite", tries: 0))
    }

    @Test func aCopyWithoutItsLogSaysSo() throws {
        let journal = try Journal(writing: folder.file())
        let copy = folder.file("copy.sqlite")
        #expect(Journal.warning(of: folder.file()) == nil)
        try recordSample(in: journal)
        try FileManager.default.copyItem(atPath: folder.file(), toPath: copy)
        #expect(Journal.warning(of: copy)?.contains("copy.sqlite-wal is not beside it") == true)
        // From the moment it is made, the file by itself is a journal, if an old one.
        #expect(try Journal(reading: copy).experiments().count <= 1)
        try journal.close()
        #expect(Journal.warning(of: folder.file()) == nil)
        #expect(Journal.warning(of: folder.file("none")) == nil)
    }

    @Test func theEndOfARunPutsTheLogIntoTheFile() throws {
        let journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        let copy = folder.file("copy.sqlite")
        try FileManager.default.copyItem(atPath: folder.file(), toPath: copy)
        #expect(try Journal(reading: copy).query(JournalQuery(.trials)).rows.count == 3)
    }

    /// SQLite takes a path that begins so for an address, and `:memory:` for none.
    @Test(arguments: ["file:x.sqlite", ":memory:"]) func aPathIsAPath(name: String) throws {
        let journal = try Journal(writing: folder.file(name))
        try recordSample(in: journal)
        try journal.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
        #expect(try Journal(reading: folder.file(name)).experiments().count == 1)
    }
}
