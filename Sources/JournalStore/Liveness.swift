import Foundation
import GRDB

/// Which runs are still alive, seen from this machine.
enum Liveness {
    /// Seconds between a run's signs of life.
    static let heartbeat = 5
    /// Seconds of silence after which a run counts as dead, wherever it ran.
    static let patience = 60.0

    static let host = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
    static let pid = Int(ProcessInfo.processInfo.processIdentifier)
    /// Tells this process from an earlier one that had the same host name and pid, as in containers.
    static let process = UUID().uuidString

    /// The ids of unfinished runs whose process is gone.
    static func deadRuns(_ db: Database) throws -> [Int64] {
        try Row.fetchAll(
            db, sql: "SELECT id, host, pid, process, heartbeatAt FROM runs WHERE finishedAt IS NULL"
        ).filter(isDead).map { $0["id"] }
    }

    private static func isDead(_ run: Row) -> Bool {
        let heartbeatAt = Instant.date(run["heartbeatAt"]) ?? .distantPast
        if Date.now.timeIntervalSince(heartbeatAt) > patience { return true }
        guard run["host"] == host else { return false }
        if run["pid"] == pid { return run["process"] != process }
        return kill(pid_t(run["pid"] as Int), 0) != 0 && errno == ESRCH
    }

    /// Marks the trials of dead runs as interrupted, so that none is running forever.
    static func bury(_ db: Database) throws {
        for run in try deadRuns(db) {
            try db.execute(
                sql: """
                    UPDATE trials SET status = 'interrupted',
                        finishedAt = (SELECT heartbeatAt FROM runs WHERE id = :run)
                    WHERE run = :run AND status = 'running'
                    """, arguments: ["run": run])
            try db.execute(sql: "UPDATE runs SET finishedAt = heartbeatAt WHERE id = ?", arguments: [run])
        }
    }
}
