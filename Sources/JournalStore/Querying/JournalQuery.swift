import Foundation
import GRDB
import Nouns

/// What to look up with ``Journal/query(_:)``.
public struct JournalQuery: Sendable {
    /// What a row is.
    public enum Subject: String, Sendable, CaseIterable {
        case experiments, trials, results, points, snapshots, notes
    }

    public var subject: Subject
    /// `NAME` or `NAME@HASH`. Of experiments and notes, a bare name selects all versions; else, the newest.
    public var experiment: String?
    /// An SQL condition on the columns.
    public var condition: String?
    /// Of points and results: the metric.
    public var metric: String?
    /// A column to sort by, ascending, or descending with a leading `-`. What has no value comes last.
    public var sort: String?
    public var limit: Int?
    /// Of trials: whether a further column, `results`, has those results that have no column of their own.
    public var withResults = false

    public init(
        _ subject: Subject, experiment: String? = nil, condition: String? = nil, metric: String? = nil,
        sort: String? = nil, limit: Int? = nil
    ) {
        self.subject = subject
        self.experiment = experiment
        self.condition = condition
        self.metric = metric
        self.sort = sort
        self.limit = limit
    }
}

extension JournalQuery.Subject {
    /// The columns of the rows, in order: what conditions and sort keys may name.
    public var columns: [String] {
        switch self {
        case .experiments:
            [
                "experiment", "version", "trials", "completed", "running", "queued", "interrupted", "failed",
                "createdAt", "programVersion", "tags", "archivedAt", "question",
            ]
        case .trials:
            [
                "trial", "experiment", "version", "kind", "problem", "optimizer", "seed", "status", "steps",
                "finalLoss", "bestLoss", "testLoss", "accuracy", "replicate", "layers", "depth", "weights", "diverged",
                "startedAt", "finishedAt", "seconds", "precision", "architecture", "dataset", "datasetOrigin",
                "datasetChecksum", "datasetNote", "problemSettings", "optimizerSettings", "kernelTable",
                "programVersion", "host", "pid", "error", "note", "standsFor", "takenFrom", "identity",
            ]
        case .results:
            [
                "trial", "experiment", "version", "kind", "problem", "optimizer", "seed", "replicate", "status",
                "metric", "value",
            ]
        case .points:
            ["trial", "metric", "step", "value"]
        case .snapshots:
            ["trial", "step", "tensor", "element", "value"]
        case .notes:
            ["note", "experiment", "version", "trial", "kind", "createdAt", "text"]
        }
    }

    var naturalOrder: String {
        switch self {
        case .experiments: "experimentID"
        case .trials: "experimentID, trial"
        case .results: "trial, metric"
        case .points: "trial, metric, step"
        case .snapshots: "trial, step, tensor, element"
        case .notes: "createdAt, note"
        }
    }
}

extension Journal {
    /// The rows that fit the query. Of many points, better ``forEachRow(of:columns:row:)``.
    ///
    /// - Throws: ``JournalError`` on an unknown experiment, metric or sort key, or a condition that SQLite
    ///   does not understand, with what is allowed.
    public func query(_ query: JournalQuery) throws -> QueryResult {
        var result = QueryResult(columns: [], rows: [])
        try forEachRow(of: query, columns: { result.columns = $0 }, row: { result.rows.append($0) })
        return result
    }

    /// Hands over the rows that fit the query one by one, after the names of their columns.
    ///
    /// To conditions and orders a loss that is not a number is infinite; in the rows it is NaN.
    ///
    /// - Throws: As ``query(_:)``, and what the closures throw.
    public func forEachRow(
        of query: JournalQuery, columns: ([String]) throws -> Void, row: ([QueryResult.Value]) throws -> Void
    ) throws {
        try reading { db in
            let selection = try Selection(query, liveness, db)
            let statement: Statement
            do {
                statement = try db.makeStatement(sql: selection.sql)
                try statement.setArguments(selection.arguments)
            } catch let error as DatabaseError {
                throw selection.conditionError(error)
            }
            let names = query.subject.columns
            let results = query.withResults && query.subject == .trials ? try OtherResults(db) : nil
            // The last column says which of the others are not numbers.
            let shown = names + (results == nil ? [] : ["results"])
            try forEachRow(of: statement, columns: { _ in try columns(shown) }) { found in
                let others = try results.map { [try $0.value(ofTrial: found[0])] } ?? []
                guard case .text(let nanResults) = found[names.count] else { return try row(found.dropLast() + others) }
                let nanColumns = RankedValue.nanColumns(nanResults)
                try row(zip(names, found).map { nanColumns.contains(Substring($0)) ? .double(.nan) : $1 } + others)
            } _: {
                selection.conditionError($0)
            }
        }
    }

    /// The rows of any one statement that only reads.
    ///
    /// - Throws: ``JournalError`` in SQLite's words, or when the statement would change the journal.
    public func sql(_ text: String) throws -> QueryResult {
        var result = QueryResult(columns: [], rows: [])
        try forEachRow(ofSQL: text, columns: { result.columns = $0 }, row: { result.rows.append($0) })
        return result
    }

    /// Hands over the rows of any one statement that only reads, after the names of their columns.
    ///
    /// - Throws: As ``sql(_:)``, and what the closures throw.
    public func forEachRow(
        ofSQL text: String, columns: ([String]) throws -> Void, row: ([QueryResult.Value]) throws -> Void
    ) throws {
        func inWords(_ error: DatabaseError) -> any Error {
            JournalError(.usage, "SQL: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
        try reading { db in
            let statement: Statement
            do {
                statement = try db.makeStatement(sql: text)
            } catch let error as DatabaseError {
                throw inWords(error)
            }
            guard statement.isReadonly, statement.columnCount > 0 else {
                throw JournalError(.usage, "SQL: only statements that read are allowed here, such as SELECT")
            }
            try forEachRow(of: statement, columns: columns, row: row, inWords)
        }
    }

    /// Reads, leaving errors of the closures of a query as they are.
    private func reading(_ body: (Database) throws -> Void) throws {
        do {
            try database.read { db in
                db.add(function: .tensorNumbers)
                try body(db)
            }
        } catch let error as DatabaseError {
            throw JournalError(error, path: path)
        }
    }

    private func forEachRow(
        of statement: Statement, columns: ([String]) throws -> Void, row: ([QueryResult.Value]) throws -> Void,
        _ inWords: (DatabaseError) -> any Error
    ) throws {
        try columns(statement.columnNames)
        let cursor = try Row.fetchCursor(statement)
        func next() throws -> Row? {
            do {
                return try cursor.next()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
                throw inWords(error)
            }
        }
        while let found = try next() {
            try row(found.databaseValues.map(QueryResult.Value.init))
        }
    }
}

/// Looks up the results of a trial that have no column of their own.
private struct OtherResults {
    private let statement: Statement

    init(_ db: Database) throws {
        statement = try db.makeStatement(
            sql: """
                SELECT name, value, isNaN FROM results
                WHERE trial = ? AND \(TrialResults.haveNoColumn)
                """)
    }

    func value(ofTrial trial: QueryResult.Value) throws -> QueryResult.Value {
        guard case .int(let id) = trial else { return .null }
        let rows = try Row.fetchAll(statement, arguments: [id])
        return .numbers(
            Dictionary(uniqueKeysWithValues: rows.map { row in (row[0] as String, row[2] ? .nan : row[1] as Double) }))
    }
}

extension TrialResults {
    /// A condition on rows of `results`: those without a column of `trials`.
    static let haveNoColumn = "name NOT IN (\(columns.map { "'\($0)'" }.joined(separator: ", ")))"
}
