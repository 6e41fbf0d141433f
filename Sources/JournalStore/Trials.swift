import Foundation
import GRDB

/// A trial as it stands in the journal.
public struct TrialRecord: Sendable, Equatable, Identifiable {
    public let id: Int64
    public let experiment: Int64
    public let identity: String
    /// Its place in the spec's expansion.
    public let position: Int
    public let kind: TrialKind
    public let problem: String
    public let problemSettings: String
    public let optimizer: String
    public let optimizerSettings: String
    public let seed: Int
    public let precision: String
    /// The steps it is to take; of a completed trial, the steps it took.
    public let steps: Int
    /// As now known: a trial whose process is gone is `interrupted`.
    public let status: TrialStatus
    public let error: String?
    public let architecture: String?
    public let dataset: DatasetRecord?
    public let kernelTable: String?
    public let startedAt: String?
    public let finishedAt: String?
    /// Nil until it is completed.
    public let results: TrialResults?

    init(_ row: Row, deadRuns: Set<Int64>) throws {
        id = row["id"]
        experiment = row["experiment"]
        identity = row["identity"]
        position = row["position"]
        guard let kind = TrialKind(rawValue: row["kind"]), let stored = TrialStatus(rawValue: row["status"]) else {
            throw JournalError(.badData, "trial \(row["id"] as Int64) is of no known kind: \(row["kind"] as String)")
        }
        self.kind = kind
        let run = row["run"] as Int64?
        status = stored == .running && run.map(deadRuns.contains) ?? true ? .interrupted : stored
        problem = row["problem"]
        problemSettings = row["problemSettings"]
        optimizer = row["optimizer"]
        optimizerSettings = row["optimizerSettings"]
        seed = row["seed"]
        precision = row["precision"]
        steps = row["steps"]
        error = row["error"]
        architecture = row["architecture"]
        dataset = (row["dataset"] as String?).map {
            DatasetRecord(
                name: $0, origin: row["datasetOrigin"], checksum: row["datasetChecksum"], note: row["datasetNote"])
        }
        kernelTable = row["kernelTable"]
        startedAt = row["startedAt"]
        finishedAt = row["finishedAt"]
        results =
            stored == .completed
            ? TrialResults(
                steps: steps, seconds: row["seconds"] ?? .nan, finalLoss: row["finalLoss"] ?? .nan,
                bestLoss: row["bestLoss"] ?? .nan, testLoss: row["testLoss"], accuracy: row["accuracy"]) : nil
    }
}

extension Journal {
    /// The trials of an experiment version, in the order of its spec; of one kind, if given.
    public func trials(of experiment: Int64, kind: TrialKind? = nil) throws -> [TrialRecord] {
        try read { db in
            let deadRuns = try Set(Liveness.deadRuns(db))
            return try Row.fetchAll(
                db, sql: """
                    SELECT * FROM trials WHERE experiment = :experiment AND (:kind IS NULL OR kind = :kind)
                    ORDER BY position, id
                    """, arguments: ["experiment": experiment, "kind": kind?.rawValue]
            ).map { try TrialRecord($0, deadRuns: deadRuns) }
        }
    }

    /// The names of the metrics a trial has points of, in alphabetical order.
    public func metrics(of trial: Int64) throws -> [String] {
        try read {
            try String.fetchAll(
                $0, sql: "SELECT DISTINCT metric FROM curves WHERE trial = ? ORDER BY metric", arguments: [trial])
        }
    }

    /// A curve, in the order recorded; empty where there is none. Exact to the last bit; NaN for NaN.
    public func points(trial: Int64, metric: String) throws -> (steps: [Int], values: [Double]) {
        try read { try Self.points(trial: trial, metric: metric, $0) }
    }

    static func points(trial: Int64, metric: String, _ db: Database) throws -> (steps: [Int], values: [Double]) {
        var steps: [Int] = []
        var values: [Double] = []
        let chunks = try db.cachedStatement(
            sql: """
                SELECT firstStep, stride, pointValues FROM curves WHERE trial = ? AND metric = ? ORDER BY chunk
                """)
        let rows = try Row.fetchCursor(chunks, arguments: [trial, metric])
        while let row = try rows.next() {
            let chunk = CurveChunk.values(json: row[2])
            let (firstStep, stride) = (row[0] as Int, row[1] as Int)
            steps.append(contentsOf: chunk.indices.lazy.map { firstStep + stride * $0 })
            values.append(contentsOf: chunk)
        }
        return (steps, values)
    }

    /// The candidates of an experiment version's tuning sweeps.
    public func tuningChoices(of experiment: Int64) throws -> [TuningChoice] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM tuningChoices WHERE experiment = ? ORDER BY rowid", arguments: [experiment]
            ).map {
                TuningChoice(
                    problem: $0["problem"], optimizer: $0["optimizer"], candidate: $0["candidate"],
                    meanFinalLoss: $0["meanFinalLoss"] ?? .nan, trials: $0["trials"], chosen: $0["chosen"])
            }
        }
    }

    /// The steps at which a trial's parameters were kept.
    public func snapshotSteps(of trial: Int64) throws -> [Int] {
        try read {
            try Int.fetchAll(
                $0, sql: "SELECT DISTINCT step FROM snapshots WHERE trial = ? ORDER BY step", arguments: [trial])
        }
    }

    /// A trial's parameters at a step, in alphabetical order of their names; empty where none were kept.
    public func snapshot(of trial: Int64, step: Int) throws -> [StoredTensor] {
        try read { db in
            try Row.fetchAll(
                db, sql: """
                    SELECT parameter AS name, shape, elementType, bytes FROM snapshots
                    WHERE trial = ? AND step = ? ORDER BY parameter
                    """, arguments: [trial, step]
            ).map(StoredTensor.init)
        }
    }
}
