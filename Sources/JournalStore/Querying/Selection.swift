import Foundation
import GRDB
import Nouns

/// A ``JournalQuery`` as one SQL statement.
struct Selection {
    let query: JournalQuery
    private(set) var arguments: StatementArguments = []
    private let source: String
    private var filters: [String] = []
    private let order: String

    init(_ query: JournalQuery, _ liveness: Liveness, _ db: Database) throws {
        self.query = query
        order = try Self.order(query, naturalOrder: Self.naturalOrder(query, db))
        source = try Self.source(query.subject, liveness.unfinishedRuns(db))
        if let limit = query.limit, limit < 0 {
            throw JournalError(.usage, "the limit is \(limit); it is a number of rows, 0 or more")
        }
        if let reference = query.experiment {
            try select(experiment: reference, db)
        }
        if let metric = query.metric {
            try select(metric: metric, db)
        }
    }

    var sql: String {
        let columns = (query.subject.columns + [query.subject.nanColumns]).joined(separator: ", ")
        var clauses = filters
        if let condition = query.condition {
            // On lines of its own, so that a comment at its end does not swallow what follows.
            clauses.append("(\n\(condition)\n)")
        }
        return "SELECT \(columns) FROM (\(source))"
            + (clauses.isEmpty ? "" : " WHERE \(clauses.joined(separator: " AND "))")
            + " ORDER BY \(order)" + (query.limit.map { " LIMIT \($0)" } ?? "")
    }

    /// SQLite's complaint on the statement, which can only be about the condition.
    func conditionError(_ error: DatabaseError) -> any Error {
        guard let condition = query.condition else { return error }
        return JournalError(
            .usage,
            "the condition “\(condition)” is not understood: \(error.message ?? "SQL error"); "
                + "the columns are \(query.subject.columns.joined(separator: ", "))")
    }

    private static func order(_ query: JournalQuery, naturalOrder: String) throws -> String {
        let subject = query.subject
        guard let sort = query.sort else { return naturalOrder }
        let isDescending = sort.hasPrefix("-")
        let key = isDescending ? String(sort.dropFirst()) : sort
        guard subject.columns.contains(key) else {
            throw JournalError(
                .usage,
                "there is no sort key \(key)" + suggestion(for: key, among: subject.columns, called: "the keys are"))
        }
        let order = isDescending ? "DESC" : "ASC"
        // What is not a number stands above infinity.
        let nanOrder = TrialResults.columns.contains(Metric(key)) ? ", instr(nanResults, '\(key)') > 0 \(order)" : ""
        return "\(key) \(order) NULLS LAST\(nanOrder), \(naturalOrder)"
    }

    /// The natural order, for trials without sorting where it can be: those of one experiment, and of several whose
    /// numbers do not interleave, lie in it already, and the first come out before the last are read.
    private static func naturalOrder(_ query: JournalQuery, _ db: Database) throws -> String {
        guard query.subject == .trials else { return query.subject.naturalOrder }
        if query.experiment != nil { return "trial" }
        let ends = try Row.fetchAll(
            db, sql: "SELECT min(id) AS least, max(id) AS most FROM trials GROUP BY experiment ORDER BY experiment")
        let interleave = try zip(ends, ends.dropFirst()).contains { before, after in
            try before.value("most", of: "trialRecords", as: Int64.self) > after.value("least", of: "trialRecords")
        }
        return interleave ? query.subject.naturalOrder : "trial"
    }

    private static func source(
        _ subject: JournalQuery.Subject, _ runs: (alive: Set<Int64>, dead: Set<Int64>)
    ) throws -> String {
        func list(_ runs: Set<Int64>) -> String { runs.sorted().map(String.init).joined(separator: ", ") }
        // The view knows heartbeats alone; the trials of runs that live, or do not, are few.
        let status = """
            CASE WHEN run IN (\(list(runs.dead))) AND status = 'running' THEN 'interrupted'
                WHEN run IN (\(list(runs.alive))) AND status = 'interrupted'
                THEN (SELECT recorded.status FROM trials AS recorded WHERE recorded.id = trial)
                ELSE status END
            """
        switch subject {
        case .trials:
            let known = ["status": status].merging(architectureColumns) { $1 }
            let columns = (subject.columns + ["experimentID", "nanResults"]).map { name in
                known[name].map { "\($0) AS \(name)" } ?? name
            }
            return "SELECT \(columns.joined(separator: ", ")) FROM trialSummary"
        case .results:
            return """
                SELECT trial, experiment, version, kind, problem, optimizer, seed, \(status) AS status,
                    name AS metric, value, replicate, isNaN, experimentID
                FROM results JOIN trialSummary USING (trial)
                """
        case .points:
            return "SELECT trial, metric, step, value, isNaN FROM points"
        case .snapshots:
            return """
                SELECT trial, step, parameter AS tensor, json_each.key AS element, json_each.value AS value,
                    json_each.type = 'null' AS isNaN
                FROM snapshots, json_each(tensorNumbers(bytes, elementType))
                """
        case .notes:
            return """
                SELECT notes.id AS note, notes.experiment AS experiment, substr(version, 1, 12) AS version,
                    (SELECT trials.id FROM trials JOIN experiments ON trials.experiment = experiments.id
                        WHERE experiments.hash = version AND experiments.name = notes.experiment
                            AND trials.identity = trialIdentity) AS trial,
                    kind, createdAt, text, version AS hash
                FROM notes
                """
        case .experiments:
            let counts = TrialStatus.allCases.map { "coalesce(sum(status = '\($0.rawValue)'), 0) AS \($0.rawValue)" }
            return """
                SELECT experiments.id AS experimentID, name AS experiment, substr(hash, 1, 12) AS version,
                    count(status) AS trials, \(counts.joined(separator: ", ")), createdAt, programVersion,
                    (SELECT group_concat(tag, ' ') FROM (SELECT tag FROM tags WHERE experiment = name ORDER BY tag)) AS tags,
                    (SELECT archivedAt FROM archivedExperiments WHERE experiment = name) AS archivedAt, question
                FROM experiments
                LEFT JOIN (SELECT experimentID, \(status) AS status FROM trialSummary) ON experimentID = experiments.id
                WHERE replaces IS NULL
                GROUP BY experiments.id
                """
        }
    }

    /// What `architecture` says of a trial's network; null where it is not one network.
    private static let architectureColumns: [String: String] = {
        let layers = "json_extract(architecture, '$.layers')"
        return [
            "layers": layers,
            // Of layers such as 784-20-10, the first and the last are not hidden; where they stand for more, it is said.
            "depth": """
            coalesce(json_extract(architecture, '$.depth'), length(\(layers)) - length(replace(\(layers), '-', '')) - 1)
            """,
            "weights": "json_extract(architecture, '$.parameters')",
        ]
    }()

    private mutating func select(experiment reference: String, _ db: Database) throws {
        let hashPrefix = Journal.split(reference).hashPrefix
        let version = try Journal.experiment(named: reference, db)
        switch query.subject {
        case .experiments where hashPrefix == nil, .notes where hashPrefix == nil:
            filters.append("experiment = ?")
            arguments += [version.name]
        case .experiments:
            filters.append("experimentID = ?")
            arguments += [version.id]
        case .trials:
            // With + no index on the experiment is taken, which would leave the rows to be sorted: see `naturalOrder`.
            let ends = try Row.fetchOne(
                db, sql: "SELECT min(id), max(id) FROM trials WHERE experiment = ?", arguments: [version.id])
            filters.append("trial BETWEEN ? AND ? AND +experimentID = ?")
            arguments += [ends?[0] as Int64?, ends?[1] as Int64?, version.id]
        case .notes:
            filters.append("experiment = ? AND hash = ?")
            arguments += [version.name, version.hash]
        case .results, .points, .snapshots:
            filters.append("trial IN (SELECT id FROM trials WHERE experiment = ?)")
            arguments += [version.id]
        }
    }

    private mutating func select(metric: String, _ db: Database) throws {
        let column: String
        switch query.subject {
        case .points: column = "metric FROM curves"
        case .results: column = "name FROM results"
        case .experiments, .trials, .snapshots, .notes:
            throw JournalError(.usage, "a metric selects points or results, not \(query.subject.rawValue)")
        }
        let known = try String.fetchAll(db, sql: "SELECT DISTINCT \(column) ORDER BY 1")
        guard known.contains(metric) else {
            throw JournalError(
                .missing,
                "the journal has no \(query.subject.rawValue) of \(metric)"
                    + suggestion(for: metric, among: known, called: "its metrics are"))
        }
        filters.append("metric = ?")
        arguments += [metric]
    }
}

extension JournalQuery.Subject {
    /// An expression for the names of a row's columns that are not numbers.
    fileprivate var nanColumns: String {
        switch self {
        case .experiments, .notes: "NULL"
        case .trials: "nanResults"
        case .results, .points, .snapshots: "CASE WHEN isNaN THEN 'value' END"
        }
    }
}
