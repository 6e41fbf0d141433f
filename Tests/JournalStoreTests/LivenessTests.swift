import Foundation
import Testing

@testable import JournalStore

@Suite struct LivenessTests {
    let folder = try! TemporaryFolder()
    private let long = "2020-01-01T00:00:00.000Z"

    private func begun() throws -> (journal: Journal, writer: JournalWriter, trial: Int64) {
        let journal = try Journal(writing: folder.file())
        let trial = try journal.register(.sample(trials: 1)).trials[0]
        let writer = try JournalWriter(journal)
        _ = try writer.begin(trial, .sample)
        return (journal, writer, trial)
    }

    private var locks: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("-run-") }
        }
    }

    /// After a suspend, a set clock or a minute of SIGSTOP, heartbeats are old, and the process lives.
    @Test func aRunThatHoldsItsLockLivesWhateverItsHeartbeat() throws {
        let (journal, writer, trial) = try begun()
        try journal.write {
            try $0.execute(sql: "UPDATE runs SET heartbeatAt = ?, host = 'elsewhere'", arguments: [long])
        }
        let second = try Journal(writing: folder.file())
        let other = try JournalWriter(second)
        #expect(try other.begin(trial, .sample) == .taken(host: "elsewhere", pid: Liveness.pid))
        #expect(try second.trials(of: 1)[0].status == .running)
        #expect(try second.query(JournalQuery(.trials, condition: "status = 'running'")).rows.count == 1)
        #expect(try second.query(JournalQuery(.experiments)).rows[0][4] == .int(1))
        writer.complete(trial, .sample)
        try writer.finish()
        try other.finish()
        #expect(try journal.trials(of: 1)[0].status == .completed)
        #expect(try locks.isEmpty)
    }

    @Test func aRunWhoseLockIsFreeIsDeadHoweverFreshItsHeartbeat() throws {
        let (journal, writer, trial) = try begun()
        let process = try #require(try journal.sql("SELECT process FROM runs").rows.first?.first)
        guard case .text(let name) = process else {
            Issue.record("the run's process is \(process)")
            return
        }
        let lock = try #require(try locks.first)
        #expect(lock.hasSuffix(name))
        // A lock that nobody holds, as a killed process leaves it.
        try FileManager.default.removeItem(atPath: folder.file(lock))
        try Data().write(to: URL(fileURLWithPath: folder.file(lock)))
        #expect(try journal.trials(of: 1)[0].status == .interrupted)
        let other = try JournalWriter(Journal(writing: folder.file()))
        #expect(!FileManager.default.fileExists(atPath: folder.file(lock)))
        #expect(try other.begin(trial, .sample) == .started)
        try other.finish()
        withExtendedLifetime(writer) {}
    }

    @Test func whereThereAreNoLocksAMinutesSilenceCounts() throws {
        let (journal, writer, _) = try begun()
        try journal.write { try $0.execute(sql: "UPDATE runs SET isLocked = 0") }
        #expect(try journal.trials(of: 1)[0].status == .running)
        try journal.write { try $0.execute(sql: "UPDATE runs SET heartbeatAt = ?", arguments: [long]) }
        #expect(try journal.trials(of: 1)[0].status == .interrupted)
        withExtendedLifetime(writer) {}
    }

    @Test func aTrialThatRunsWithoutARunIsBegunAgain() throws {
        let (journal, writer, trial) = try begun()
        try writer.finish()
        try journal.write { try $0.execute(sql: "UPDATE trialRecords SET status = 'running', run = NULL") }
        #expect(try journal.trials(of: 1)[0].status == .interrupted)
        let other = try JournalWriter(journal)
        #expect(try other.begin(trial, .sample) == .started)
        try other.finish()
    }
}
