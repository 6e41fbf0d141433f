import GRDB
import Nouns

/// Trials of one kind and fate that one run has run of an experiment version, or that the version has taken over.
public struct TrialTally: Sendable, Equatable {
    /// The version's id.
    public let experiment: Int64
    /// The process that ran them; nil of trials that nobody has begun.
    public let run: Int64?
    public let kind: TrialKindName
    /// As now known: trials of a process that is gone are `interrupted`.
    public let status: TrialStatus
    /// Whether their results were computed for another version.
    public let isTakenOver: Bool
    public let trials: Int
    /// When the first of them began.
    public let startedAt: String?
    /// When the last of them ended.
    public let finishedAt: String?
    /// The version of the program that computed them.
    public let programVersion: String?

    init(_ row: Row, deadRuns: Set<Int64>) throws {
        experiment = try row.value("experiment", of: "trialRecords")
        run = try row.value("run", of: "trialRecords")
        kind = TrialKindName(rawValue: try row.value("kind", of: "trialRecords"))
        guard let stored = TrialStatus(rawValue: try row.value("status", of: "trialRecords")) else {
            throw row.fault(
                "status", of: "trialRecords", allowed: TrialStatus.allCases.map(\.rawValue).joined(separator: ", "))
        }
        status = stored == .running && run.map(deadRuns.contains) ?? true ? .interrupted : stored
        isTakenOver = try row.value("isTakenOver", of: "trialRecords")
        trials = try row.value("trials", of: "trialRecords")
        startedAt = try row.value("startedAt", of: "trialRecords")
        finishedAt = try row.value("finishedAt", of: "trialRecords")
        programVersion = try row.value("programVersion", of: "runs")
    }
}

extension Journal {
    /// How far the trials have come and when, by version, run, kind and status; of the versions of one experiment, if
    /// given. In the order of versions, and of kinds as their specs have them. One pass over their rows.
    public func tallies(of experiment: String? = nil) throws -> [TrialTally] {
        try read { db in
            let deadRuns = try liveness.unfinishedRuns(db).dead
            let versions = try Self.experiments(named: experiment, db).map { String($0.id) }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT experiment, run, kind, status, takenFrom IS NOT NULL AS isTakenOver, count(*) AS trials,
                        min(trialRecords.startedAt) AS startedAt, max(trialRecords.finishedAt) AS finishedAt,
                        programVersion
                    FROM trialRecords LEFT JOIN runs ON runs.id = run
                    WHERE experiment IN (\(versions.joined(separator: ", ")))
                    GROUP BY experiment, run, kind, status, takenFrom IS NOT NULL
                    ORDER BY experiment, min(position), run
                    """
            ).map { try TrialTally($0, deadRuns: deadRuns) }
        }
    }

    /// The versions whose results trials of this one have, with their numbers; those of versions that are gone left out.
    public func sources(of version: Int64) throws -> [TakenOver] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, hash, count(*) AS trials FROM trialRecords AS here
                    JOIN trialRecords AS there ON there.id = here.takenFrom
                    JOIN experiments ON experiments.id = there.experiment
                    WHERE here.experiment = ? GROUP BY experiments.id ORDER BY experiments.id
                    """, arguments: [version]
            ).map(TakenOver.init)
        }
    }
}

extension TakenOver {
    /// A row of a version's name and hash, and of a number of trials.
    init(_ row: Row) throws {
        self.init(
            name: try row.value("name", of: "experiments"), hash: try row.value("hash", of: "experiments"),
            trials: try row.value("trials", of: "trialRecords"))
    }
}
