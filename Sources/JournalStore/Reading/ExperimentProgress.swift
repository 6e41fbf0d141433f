import GRDB

/// How far an experiment version has come.
public struct ExperimentProgress: Sendable, Equatable {
    /// Its trials, by what has become of them, as now known: those whose process is gone are `interrupted`.
    public var trials: [TrialStatus: Int] = [:]
    /// When its last trial began or ended; nil where none has.
    public var lastActivity: String?

    /// Of no trials.
    public init() {}

    public var total: Int { trials.values.reduce(0, +) }

    /// How many trials have come to this.
    public subscript(_ status: TrialStatus) -> Int { trials[status] ?? 0 }
}

extension Journal {
    /// How far each experiment version has come, by its id; of one, if given. Costs an index's entry a trial.
    public func progress(of experiment: Int64? = nil) throws -> [Int64: ExperimentProgress] {
        try read { db in
            var progress: [Int64: ExperimentProgress] = [:]
            let condition = "(:experiment IS NULL OR experiment = :experiment)"
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT experiment, status, count(*) AS trials,
                        max(coalesce(max(finishedAt), ''), coalesce(max(startedAt), '')) AS activity
                    FROM trialRecords WHERE \(condition) GROUP BY experiment, status
                    """, arguments: ["experiment": experiment])
            for row in rows {
                let status = try row.value("status", of: "trialRecords", as: String.self)
                let activity = try row.value("activity", of: "trialRecords", as: String.self)
                var known = progress[try row.value("experiment", of: "trialRecords")] ?? ExperimentProgress()
                known.trials[TrialStatus(rawValue: status) ?? .interrupted, default: 0] += try row.value(
                    "trials", of: "trialRecords")
                if activity > known.lastActivity ?? "" { known.lastActivity = activity }
                progress[try row.value("experiment", of: "trialRecords")] = known
            }
            for run in try liveness.unfinishedRuns(db).dead {
                let lost = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT experiment, count(*) AS trials FROM trialRecords
                        WHERE run = :run AND status = 'running' AND \(condition) GROUP BY experiment
                        """, arguments: ["run": run, "experiment": experiment])
                for row in lost {
                    let id = try row.value("experiment", of: "trialRecords", as: Int64.self)
                    let count = try row.value("trials", of: "trialRecords", as: Int.self)
                    progress[id]?.trials[.running, default: 0] -= count
                    progress[id]?.trials[.interrupted, default: 0] += count
                }
            }
            return progress
        }
    }

    /// A number that changes whenever another connection has changed the journal.
    public func dataVersion() throws -> Int64 {
        try inWords(path: path) {
            try database.unsafeRead { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
        }
    }
}
