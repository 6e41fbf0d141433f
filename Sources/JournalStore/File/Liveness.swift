import Foundation
import GRDB

/// Which runs on a journal are still alive.
///
/// A run that holds a ``RunLock`` is alive as long as its lock is held. Where locks cannot tell (a file system without
/// them, a run of an earlier program), a run counts as dead when it has given no sign of life for a minute.
struct Liveness: Sendable {
    /// Seconds between a run's signs of life.
    static let heartbeat = 5
    /// Seconds of silence after which a run without a lock counts as dead, wherever it runs.
    static let patience = 60.0

    static let host = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
    static let pid = Int(ProcessInfo.processInfo.processIdentifier)

    /// The journal's path, as it was opened.
    let journal: String
    /// Whether the asking process is the only one that writes to the journal (``Journal/init(exclusively:programVersion:)``),
    /// so that all other runs are over.
    var isExclusive = false

    /// A run that has not said that it is finished.
    private struct UnfinishedRun {
        let id: Int64
        let process: String
        let isLocked: Bool
        let heartbeatAt: Date

        init(_ row: Row) throws {
            id = try row.value("id", of: "runs")
            process = try row.value("process", of: "runs")
            isLocked = try row.value("isLocked", of: "runs")
            heartbeatAt = try Instant.date(row.value("heartbeatAt", of: "runs")) ?? .distantPast
        }
    }

    /// The ids of unfinished runs, by whether their process is alive.
    func unfinishedRuns(_ db: Database) throws -> (alive: Set<Int64>, dead: Set<Int64>) {
        let runs = try unfinished(db)
        return (Set(runs.filter(isAlive).map(\.id)), Set(runs.filter { !isAlive($0) }.map(\.id)))
    }

    private func unfinished(_ db: Database) throws -> [UnfinishedRun] {
        let statement = try db.cachedStatement(
            sql: "SELECT id, process, isLocked, heartbeatAt FROM runs WHERE finishedAt IS NULL")
        return try Row.fetchAll(statement).map(UnfinishedRun.init)
    }

    private func isAlive(_ run: UnfinishedRun) -> Bool {
        if isExclusive { return false }
        if run.isLocked {
            switch RunLock.state(journal: journal, process: run.process) {
            case .held: return true
            case .free: return false
            case .unknown: break
            }
        }
        return Date.now.timeIntervalSince(run.heartbeatAt) <= Self.patience
    }

    /// Marks the trials of dead runs as interrupted, so that none is running forever.
    ///
    /// - Parameter ours: the run that asks, which is alive.
    func bury(except ours: Int64? = nil, _ db: Database) throws {
        for run in try unfinished(db) where run.id != ours && !isAlive(run) {
            try db.execute(
                sql: """
                    UPDATE trialRecords SET status = 'interrupted',
                        finishedAt = (SELECT heartbeatAt FROM runs WHERE id = :run)
                    WHERE run = :run AND status = 'running'
                    """, arguments: ["run": run.id])
            try db.execute(sql: "UPDATE runs SET finishedAt = heartbeatAt WHERE id = ?", arguments: [run.id])
            RunLock.removeRemains(journal: journal, process: run.process)
        }
        // What no run claims, nobody runs.
        try db.execute(sql: "UPDATE trialRecords SET status = 'interrupted' WHERE status = 'running' AND run IS NULL")
    }
}
