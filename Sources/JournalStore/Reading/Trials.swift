import Foundation
import GRDB
import Nouns

/// A trial as it stands in the journal.
public struct TrialRecord: Sendable, Equatable, Identifiable {
    public let id: Int64
    public let experiment: Int64
    public let identity: String
    /// Its place in the spec's expansion.
    public let position: Int
    public let kind: TrialKindName
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
    /// What a reader should know of how it went; nil where there is nothing.
    public let note: String?
    /// How many seeds it stands for: more than 1 where the seed changes nothing.
    public let standsFor: Int
    /// The hash of all that decides its results; nil where it has not begun, or not all of that was known.
    public let content: String?
    /// The trial of another version whose results it has; nil where they were computed for this one.
    public let takenFrom: Int64?
    /// Nil until it is completed.
    public let results: TrialResults?

    /// - Parameters:
    ///   - values: the results that the journal has of the trial.
    ///   - deadRuns: unfinished runs whose process is gone.
    init(_ row: Row, values: [Metric: Double], deadRuns: Set<Int64>) throws {
        func text(_ column: String) throws -> String { try row.value(column, of: "trialRecords") }
        func optionalText(_ column: String) throws -> String? { try row.value(column, of: "trialRecords") }
        id = try row.value("id", of: "trialRecords")
        experiment = try row.value("experiment", of: "trialRecords")
        identity = try text("identity")
        position = try row.value("position", of: "trialRecords")
        guard let stored = TrialStatus(rawValue: try text("status")) else {
            throw row.fault(
                "status", of: "trialRecords", allowed: TrialStatus.allCases.map(\.rawValue).joined(separator: ", "))
        }
        kind = TrialKindName(rawValue: try text("kind"))
        let run = try row.value("run", of: "trialRecords", as: Int64?.self)
        status = stored == .running && run.map(deadRuns.contains) ?? true ? .interrupted : stored
        problem = try text("problem")
        problemSettings = try text("problemSettings")
        optimizer = try text("optimizer")
        optimizerSettings = try text("optimizerSettings")
        seed = try row.value("seed", of: "trialRecords")
        precision = try text("precision")
        steps = try row.value("steps", of: "trialRecords")
        error = try optionalText("error")
        architecture = try optionalText("architecture")
        dataset = try DatasetRecord(row)
        kernelTable = try optionalText("kernelTable")
        startedAt = try optionalText("startedAt")
        finishedAt = try optionalText("finishedAt")
        note = try optionalText("note")
        standsFor = try row.value("standsFor", of: "trialRecords")
        content = try optionalText("content")
        takenFrom = try row.value("takenFrom", of: "trialRecords")
        results = stored == .completed ? try TrialResults(row, values: values) : nil
    }
}

extension TrialResults {
    /// What a completed trial's row says, with its named results.
    init(_ row: Row, values: [Metric: Double]) throws {
        self.init(
            steps: try row.value("steps", of: "trialRecords"),
            seconds: try row.value("seconds", of: "trialRecords", as: Double?.self) ?? .nan, values: values,
            note: try row.value("note", of: "trialRecords"))
    }

    /// The results of some trials, by their ids.
    ///
    /// - Parameter condition: on rows of `results`, as SQL.
    static func values(where condition: String, _ arguments: StatementArguments, _ db: Database) throws
        -> [Int64: [Metric: Double]]
    {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT trial AS id, name, value, isNaN FROM results WHERE \(condition) ORDER BY trial",
            arguments: arguments)
        var values: [Int64: [Metric: Double]] = [:]
        while let row = try rows.next() {
            let name = Metric(try row.value("name", of: "results"))
            let value = try row.value("value", of: "results", as: Double.self)
            let isNaN = try row.value("isNaN", of: "results", as: Bool.self)
            values[try row.value("id", of: "results"), default: [:]][name] = isNaN ? .nan : value
        }
        return values
    }
}

extension Journal {
    /// The trials of an experiment version, in the order of its spec; of one kind, if given.
    public func trials(of experiment: Int64, kind: TrialKindName? = nil) throws -> [TrialRecord] {
        try read { db in
            let deadRuns = try liveness.unfinishedRuns(db).dead
            let selection = "FROM trialRecords WHERE experiment = :experiment AND (:kind IS NULL OR kind = :kind)"
            let arguments: StatementArguments = ["experiment": experiment, "kind": kind?.rawValue]
            let values = try TrialResults.values(where: "trial IN (SELECT id \(selection))", arguments, db)
            return try Row.fetchAll(db, sql: "SELECT * \(selection) ORDER BY position, id", arguments: arguments)
                .map { try TrialRecord($0, values: values[$0["id"]] ?? [:], deadRuns: deadRuns) }
        }
    }

    /// The completed trials of an experiment version that have learned an optimizer, in the order of its spec.
    public func learners(of experiment: Int64) throws -> [TrialRecord] {
        let ids = try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT id FROM trialRecords WHERE experiment = ? AND status = 'completed'
                        AND id IN (SELECT trial FROM learnedOptimizers)
                    ORDER BY position, id
                    """, arguments: [experiment])
        }
        return try ids.map(trial)
    }

    /// One trial.
    ///
    /// - Throws: ``JournalError`` when there is none with that id.
    public func trial(_ id: Int64) throws -> TrialRecord {
        try read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM trialRecords WHERE id = ?", arguments: [id])
            else { throw JournalError(.missing, "there is no trial \(id) in the journal") }
            let values = try TrialResults.values(where: "trial = ?", [id], db)[id] ?? [:]
            return try TrialRecord(row, values: values, deadRuns: liveness.unfinishedRuns(db).dead)
        }
    }

    /// The steps of the checkpoints from which an experiment version's trials can go on, by trial.
    public func checkpointSteps(of experiment: Int64) throws -> [Int64: Int] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT trial AS id, step FROM checkpoints JOIN trials ON trials.id = trial WHERE experiment = ?
                    """, arguments: [experiment])
            return try rows.reduce(into: [:]) { steps, row in
                steps[try row.value("id", of: "checkpoints")] = try row.value("step", of: "checkpoints", as: Int.self)
            }
        }
    }

    /// The names of the metrics a trial has points of, in alphabetical order.
    public func metrics(of trial: Int64) throws -> [Metric] {
        try read { try Self.metrics(of: trial, $0) }
    }

    static func metrics(of trial: Int64, _ db: Database) throws -> [Metric] {
        try String.fetchAll(
            db, sql: "SELECT DISTINCT metric FROM curves WHERE trial = ? ORDER BY metric", arguments: [trial]
        ).map(Metric.init(rawValue:))
    }

    /// A curve, in the order recorded; empty where there is none. Exact to the last bit; NaN for NaN.
    public func points(trial: Int64, metric: Metric) throws -> (steps: [Int], values: [Double]) {
        try read { try Self.points(trial: trial, metric: metric, $0) }
    }

    static func points(trial: Int64, metric: Metric, _ db: Database) throws -> (steps: [Int], values: [Double]) {
        var steps: [Int] = []
        var values: [Double] = []
        let chunks = try db.cachedStatement(
            sql: """
                SELECT trial AS id, firstStep, stride, pointValues FROM curves WHERE trial = ? AND metric = ?
                ORDER BY chunk
                """)
        let rows = try Row.fetchCursor(chunks, arguments: [trial, metric.rawValue])
        while let row = try rows.next() {
            let chunk = try CurveChunk.values(of: row)
            let firstStep = try row.value("firstStep", of: "curves", as: Int.self)
            let stride = try row.value("stride", of: "curves", as: Int.self)
            let last = stride.multipliedReportingOverflow(by: chunk.count)
            guard !last.overflow, !firstStep.addingReportingOverflow(last.partialValue).overflow else {
                throw row.fault("stride", of: "curves", allowed: "the steps from one point to the next")
            }
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
            ).map { row in
                func text(_ column: String) throws -> String { try row.value(column, of: "tuningChoices") }
                return TuningChoice(
                    problem: try text("problem"), optimizer: try text("optimizer"), candidate: try text("candidate"),
                    meanFinalLoss: try row.value("meanFinalLoss", of: "tuningChoices"),
                    trials: try row.value("trials", of: "tuningChoices"),
                    chosen: try row.value("chosen", of: "tuningChoices"))
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
    public func snapshot(of trial: Int64, step: Int) throws -> [NamedTensor] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT parameter AS name, shape, elementType, bytes FROM snapshots
                    WHERE trial = ? AND step = ? ORDER BY parameter
                    """, arguments: [trial, step]
            ).map { try NamedTensor($0, of: "snapshots") }
        }
    }
}
