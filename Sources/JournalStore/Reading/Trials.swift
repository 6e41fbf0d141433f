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
    /// Which of several replicates of meta-training it is, or has the optimizer of, from 1; nil where there is but one.
    public let replicate: Int?
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

    /// The optimizer, of several replicates with its number: `trained/3`.
    public var optimizerName: String { optimizer + (replicate.map { "/\($0)" } ?? "") }

    /// - Parameters:
    ///   - values: the results that the journal has of the trial.
    ///   - deadRuns: unfinished runs whose process is gone.
    init(_ row: Row, values: [Metric: Double], deadRuns: Set<Int64>) throws {
        func text(_ column: Column) throws -> String { try row.value(column) }
        func optionalText(_ column: Column) throws -> String? { try row.value(column) }
        id = try row.value(.id)
        experiment = try row.value(.experiment)
        identity = try text(.identity)
        position = try row.value(.position)
        guard let stored = TrialStatus(rawValue: try text(.status)) else {
            throw row.fault(
                "status", of: "trialRecords", allowed: TrialStatus.allCases.map(\.rawValue).joined(separator: ", "))
        }
        kind = TrialKindName(rawValue: try text(.kind))
        let run = try row.value(.run, as: Int64?.self)
        status = stored == .running && run.map(deadRuns.contains) ?? true ? .interrupted : stored
        problem = try text(.problem)
        problemSettings = try text(.problemSettings)
        optimizer = try text(.optimizer)
        optimizerSettings = try text(.optimizerSettings)
        replicate = try row.value(.replicate)
        seed = try row.value(.seed)
        precision = try text(.precision)
        steps = try row.value(.steps)
        error = try optionalText(.error)
        architecture = try optionalText(.architecture)
        dataset = try optionalText(.dataset) == nil ? nil : DatasetRecord(row)
        kernelTable = try optionalText(.kernelTable)
        startedAt = try optionalText(.startedAt)
        finishedAt = try optionalText(.finishedAt)
        note = try optionalText(.note)
        standsFor = try row.value(.standsFor)
        content = try optionalText(.content)
        takenFrom = try row.value(.takenFrom)
        results =
            stored == .completed
            ? TrialResults(
                steps: steps, seconds: try row.value(.seconds, as: Double?.self) ?? .nan, values: values, note: note)
            : nil
    }

    /// The columns of a trial's row, in the order in which they are selected: finding a value by its place is much
    /// faster than by its name, and trials are many.
    fileprivate enum Column: Int, CaseIterable {
        case id, experiment, identity, position, kind, problem, problemSettings, optimizer, optimizerSettings, replicate
        case seed, precision, steps, status, error, architecture, dataset, datasetOrigin, datasetChecksum, datasetNote
        case kernelTable, startedAt, finishedAt, note, standsFor, content, takenFrom, seconds, run

        var name: String { "\(self)" }
    }

    static let selection = Column.allCases.map(\.name).joined(separator: ", ")
}

extension Row {
    /// A value of a row of ``TrialRecord/selection``.
    fileprivate func value<Value: DatabaseValueConvertible>(
        _ column: TrialRecord.Column, as type: Value.Type = Value.self
    ) throws -> Value {
        try value(at: column.rawValue, column.name, of: "trialRecords")
    }
}

extension TrialResults {
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
            let name = Metric(try row.value(at: 1, "name", of: "results"))
            let value = try row.value(at: 2, "value", of: "results", as: Double.self)
            let isNaN = try row.value(at: 3, "isNaN", of: "results", as: Bool.self)
            values[try row.value(at: 0, "id", of: "results"), default: [:]][name] = isNaN ? .nan : value
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
            let rows = try Row.fetchCursor(
                db, sql: "SELECT \(TrialRecord.selection) \(selection) ORDER BY position, id", arguments: arguments)
            var trials: [TrialRecord] = []
            while let row = try rows.next() {
                trials.append(try TrialRecord(row, values: values[row[0]] ?? [:], deadRuns: deadRuns))
            }
            return trials
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
            let selection = "SELECT \(TrialRecord.selection) FROM trialRecords WHERE id = ?"
            guard let row = try Row.fetchOne(db, sql: selection, arguments: [id])
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
        let curve = try RecordedCurve.curve(trial: trial, metric: metric, db)
        return (curve.values.indices.map(curve.step), curve.values)
    }

    /// The candidates of an experiment version's tuning sweeps.
    public func tuningChoices(of experiment: Int64) throws -> [TuningChoice] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM tuningChoices WHERE experiment = ? ORDER BY rowid", arguments: [experiment]
            ).map { row in
                func text(_ column: String) throws -> String { try row.value(column, of: "tuningChoices") }
                let replicate: Int = try row.value("replicate", of: "tuningChoices")
                return TuningChoice(
                    problem: try text("problem"), optimizer: try text("optimizer"),
                    replicate: replicate == 0 ? nil : replicate, candidate: try text("candidate"),
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
