import Foundation
import GRDB

/// A recorded experiment version, with its trials in the order of the spec.
public struct RegisteredExperiment: Sendable, Equatable {
    public let id: Int64
    /// One id for each trial registered, in the order given.
    public let trials: [Int64]
    /// Whether the version was there before.
    public let isKnown: Bool
}

extension Journal {
    /// Records an experiment and its trials; safe to repeat.
    ///
    /// The same name and hash find the rows that are there, and their results; another hash under the same
    /// name is recorded as a new version beside the old. A trial is found by its identity, never by its place.
    ///
    /// - Parameter fresh: Starts over: forgets this version's trials with all they recorded.
    /// - Throws: ``JournalError`` when the write fails, or when `fresh` would pull trials from under a
    ///   process that is running them.
    public func register(_ experiment: ExperimentRegistration, fresh: Bool = false) throws -> RegisteredExperiment {
        try write { db in
            try Liveness.bury(db)
            let known = try Int64.fetchOne(
                db, sql: "SELECT id FROM experiments WHERE name = ? AND hash = ?",
                arguments: [experiment.name, experiment.hash])
            if fresh, let known {
                try forgetTrials(of: known, name: experiment.name, db)
            }
            let id = try known ?? insert(experiment, db)
            let trials = try experiment.trials.enumerated().map { position, trial in
                try upsert(trial, position: position, experiment: id, db)
            }
            return RegisteredExperiment(id: id, trials: trials, isKnown: known != nil)
        }
    }

    private func insert(_ experiment: ExperimentRegistration, _ db: Database) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO experiments (name, hash, spec, canonicalSpec, question, programVersion, createdAt)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                experiment.name, experiment.hash, experiment.spec, experiment.canonicalSpec, experiment.question,
                programVersion, Instant.now,
            ])
        return db.lastInsertedRowID
    }

    private func upsert(_ trial: TrialRegistration, position: Int, experiment: Int64, _ db: Database) throws -> Int64 {
        let find = try db.cachedStatement(sql: "SELECT id FROM trials WHERE experiment = ? AND identity = ?")
        if let id = try Int64.fetchOne(find, arguments: [experiment, trial.identity]) { return id }
        try db.cachedStatement(
            sql: """
                INSERT INTO trials (experiment, identity, position, kind, problem, problemSettings,
                    optimizer, optimizerSettings, seed, steps, precision)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            experiment, trial.identity, position, trial.kind.rawValue, trial.problem, trial.problemSettings,
            trial.optimizer, trial.optimizerSettings, trial.seed, trial.steps, trial.precision,
        ])
        return db.lastInsertedRowID
    }

    private func forgetTrials(of experiment: Int64, name: String, _ db: Database) throws {
        if let running = try Row.fetchOne(
            db, sql: """
                SELECT host, pid FROM trials JOIN runs ON runs.id = run
                WHERE experiment = ? AND status = 'running'
                """, arguments: [experiment])
        {
            throw JournalError(
                .inputOutput,
                "\(name) is being run by process \(running["pid"] as Int) on \(running["host"] as String); "
                    + "stop it before starting over")
        }
        try db.execute(sql: "DELETE FROM trials WHERE experiment = ?", arguments: [experiment])
        try db.execute(sql: "DELETE FROM tuningChoices WHERE experiment = ?", arguments: [experiment])
    }
}
