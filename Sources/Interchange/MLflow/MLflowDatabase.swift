import Foundation
import GRDB
import JournalStore

/// MLflow's SQLite database.
struct MLflowDatabase {
    private let path: String
    private let database: DatabaseQueue

    init(_ path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = true
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            let tables = ["experiments", "runs", "metrics", "params", "tags"]
            let isMLflow = try database.read { db in try tables.allSatisfy { try db.tableExists($0) } }
            guard isMLflow else {
                throw JournalError(.badData, "\(path) is no database of MLflow: it lacks some of its tables")
            }
        } catch let error as DatabaseError {
            throw JournalError(.badData, "\(path) is no database of MLflow: \(error.message ?? "it cannot be opened")")
        }
    }

    private func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        do {
            return try database.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }
        } catch let error as DatabaseError {
            throw JournalError(.badData, "\(path): \(error.message ?? "it cannot be read")")
        }
    }

    func experiments() throws -> [ImportedExperiment] {
        try rows("SELECT experiment_id, name FROM experiments WHERE lifecycle_stage <> 'deleted' ORDER BY 1")
            .compactMap { experiment in
                let runs = try rows(
                    """
                    SELECT run_uuid, name, status, start_time, end_time FROM runs
                    WHERE experiment_id = ? AND lifecycle_stage <> 'deleted' ORDER BY start_time, run_uuid
                    """, [experiment[0] as DatabaseValue])
                guard !runs.isEmpty else { return nil }
                return ImportedExperiment(
                    name: experiment[1] ?? "", source: "mlflow", runs: runs.map { row in { try run(row) } })
            }
    }

    private func run(_ row: Row) throws -> ImportedRun {
        let id: String = row[0] ?? ""
        func texts(_ table: String) throws -> [String: String] {
            let found = try rows("SELECT key, value FROM \(table) WHERE run_uuid = ?", [id])
            return Dictionary(found.map { ($0[0] ?? "", $0[1] ?? "") }) { $1 }
        }
        var points: [String: [(step: Int, value: Double)]] = [:]
        let metrics = "SELECT key, step, value, is_nan FROM metrics WHERE run_uuid = ? ORDER BY timestamp, step"
        for row in try rows(metrics, [id]) {
            points[row[0] ?? "", default: []].append((row[1] ?? 0, Self.value(row[2] ?? .nan, isNaN: row[3] ?? false)))
        }
        let tags = try texts("tags")
        var run = ImportedRun(
            identity: id, name: row[1] as String? ?? tags["mlflow.runName"] ?? id,
            curves: points.mapValues(ImportedCurve.init))
        run.parameters = try texts("params")
        run.tags = tags.filter { !$0.key.hasPrefix("mlflow.") }
        run.status = MLflowStatus.trialStatus(row[2] ?? "")
        if let start = row[3] as Double?, let end = row[4] as Double? { run.seconds = (end - start) / 1000 }
        return run
    }

    /// The database has no infinity: the largest numbers stand for it.
    private static func value(_ stored: Double, isNaN: Bool) -> Double {
        if isNaN { return .nan }
        return stored.magnitude >= 1.797_693_134_862_315_7e308 ? (stored < 0 ? -.infinity : .infinity) : stored
    }
}
