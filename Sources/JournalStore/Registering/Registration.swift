import Foundation
import GRDB

/// A recorded experiment version, with its trials in the order of the spec.
public struct RegisteredExperiment: Sendable, Equatable {
    public let id: Int64
    /// One id for each trial registered, in the order given.
    public let trials: [Int64]
    /// Whether the version was there before.
    public let isKnown: Bool
    /// The version whose place this one is to take when it is complete; nil where it has a place of its own.
    public var replaces: Int64?
    /// The versions whose results some of its trials have by this registration, in the order of the trials.
    public var takenOver: [TakenOver] = []
}

extension Journal {
    /// Records an experiment and its trials; safe to repeat.
    ///
    /// The same name and hash find the rows that are there, and their results; another hash under the same
    /// name is recorded as a new version beside the old. A trial is found by its identity, never by its place. Trials
    /// that are neither completed nor being run take over the results of a completed one of another version with the
    /// same content.
    ///
    /// - Parameters:
    ///   - fresh: Starts over: records the version anew, beside what is there, until ``JournalWriter/replace(_:by:)``.
    ///     What was begun afresh before goes on. Where nothing was ever begun, there is nothing to keep, and the version
    ///     is the one that was there. Nothing is taken over.
    ///   - run: The run that asks, if it has begun.
    /// - Throws: ``JournalError`` when the write fails, when `fresh` would pull trials from under a process that is
    ///   running them, or when trials are recorded on other data than they would now have (``DataConflict``).
    public func register(
        _ experiment: ExperimentRegistration, fresh: Bool = false, for run: Int64? = nil
    ) throws -> RegisteredExperiment {
        try write { db in
            try liveness.bury(except: run, db)
            let known = try Self.version(experiment.name, experiment.hash, db)
            if fresh, let known {
                try Self.requireAtRest(known, name: experiment.name, db)
                if try Self.isBegun(known, db) {
                    var registered = try record(
                        experiment, hash: experiment.hash + Self.freshMark, replacing: known, takesOver: false,
                        for: run, db)
                    registered.replaces = known
                    return registered
                }
            }
            return try record(experiment, hash: experiment.hash, replacing: nil, takesOver: !fresh, for: run, db)
        }
    }

    /// Records an experiment whose plan has come to have more trials than when it was registered, or others of their
    /// results: as the same version, whose trials then stand in the order given.
    ///
    /// - Parameters:
    ///   - takesOver: Whether trials take over the results of others, as in ``register(_:fresh:for:)``.
    ///   - run: The run that asks, if it has begun.
    /// - Throws: ``JournalError`` as there.
    public func register(
        _ experiment: ExperimentRegistration, extending version: RegisteredExperiment, takesOver: Bool,
        for run: Int64? = nil
    ) throws -> RegisteredExperiment {
        try write { db in
            let hash = experiment.hash + (version.replaces == nil ? "" : Self.freshMark)
            var extended = try record(experiment, hash: hash, replacing: nil, takesOver: takesOver, for: run, db)
            extended.replaces = version.replaces
            return extended
        }
    }

    private func record(
        _ experiment: ExperimentRegistration, hash: String, replacing old: Int64?, takesOver: Bool, for run: Int64?,
        _ db: Database
    ) throws -> RegisteredExperiment {
        let known = try Self.version(experiment.name, hash, db)
        let id = try known ?? insert(experiment, hash: hash, replacing: old, db)
        if old != nil, try DataConflict(of: experiment, in: id, db) != nil {
            // What was begun afresh on other data counts for nothing yet.
            try db.execute(sql: "DELETE FROM trialRecords WHERE experiment = ?", arguments: [id])
        }
        if known != nil { try requireSameData(experiment, in: id, for: run, db) }
        var open: [(id: Int64, content: TrialContent)] = []
        let trials = try experiment.trials.enumerated().map { position, trial in
            let position = trial.position ?? position
            let (row, status) =
                try known == nil
                ? (insert(trial, position: position, experiment: id, db), .queued)
                : upsert(trial, position: position, experiment: id, db)
            if takesOver, let content = trial.content, status != .completed, status != .running {
                open.append((row, content))
            }
            return row
        }
        var takingOver = TakingOver(to: id, called: experiment.name, db)
        try takingOver.complete(open)
        return RegisteredExperiment(
            id: id, trials: trials, isKnown: known != nil, takenOver: takingOver.sources)
    }

    static func version(_ name: String, _ hash: String, _ db: Database) throws -> Int64? {
        let find = try db.cachedStatement(sql: "SELECT id FROM experiments WHERE name = ? AND hash = ?")
        if let id = try Int64.fetchOne(find, arguments: [name, hash]) { return id }
        // Equal names of other bytes have letters beyond ASCII; to look for them is to look at all.
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        return try Row.fetchAll(db, sql: "SELECT id, name FROM experiments WHERE hash = ?", arguments: [hash])
            .first { try $0.value("name", of: "experiments") == name }?
            .value("id", of: "experiments")
    }

    private func insert(
        _ experiment: ExperimentRegistration, hash: String, replacing old: Int64?, _ db: Database
    ) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO experiments
                    (name, hash, spec, canonicalSpec, question, programVersion, createdAt, replaces)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                experiment.name, hash, experiment.spec, experiment.canonicalSpec, experiment.question,
                programVersion, Instant.now, old,
            ])
        return db.lastInsertedRowID
    }

    private func upsert(
        _ trial: TrialRegistration, position: Int, experiment: Int64, _ db: Database
    ) throws -> (id: Int64, status: TrialStatus?) {
        let data = trial.dataset
        let find = try db.cachedStatement(
            sql: "SELECT id, position, datasetChecksum, status FROM trials WHERE experiment = ? AND identity = ?")
        if let row = try Row.fetchOne(find, arguments: [experiment, trial.identity]) {
            let id = try row.value("id", of: "trialRecords", as: Int64.self)
            if let data, try row.value("datasetChecksum", of: "trialRecords", as: String?.self) != data.checksum {
                try db.cachedStatement(
                    sql: """
                        UPDATE trialRecords SET dataset = ?, datasetOrigin = ?, datasetChecksum = ?, datasetNote = ?
                        WHERE id = ?
                        """
                ).execute(arguments: [data.name, data.origin, data.checksum, data.note, id])
            }
            if try row.value("position", of: "trialRecords", as: Int.self) != position {
                try db.cachedStatement(sql: "UPDATE trialRecords SET position = ? WHERE id = ?")
                    .execute(arguments: [position, id])
            }
            return (id, TrialStatus(rawValue: try row.value("status", of: "trialRecords")))
        }
        return (try insert(trial, position: position, experiment: experiment, db), .queued)
    }

    private func insert(
        _ trial: TrialRegistration, position: Int, experiment: Int64, _ db: Database
    ) throws -> Int64 {
        let data = trial.dataset
        try db.cachedStatement(
            sql: """
                INSERT INTO trialRecords (experiment, identity, position, kind, problem, problemSettings,
                    optimizer, optimizerSettings, replicate, seed, steps, precision, standsFor, dataset, datasetOrigin,
                    datasetChecksum, datasetNote)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            experiment, trial.identity, position, trial.kind.rawValue, trial.problem, trial.problemSettings,
            trial.optimizer, trial.optimizerSettings, trial.replicate, trial.seed, trial.steps, trial.precision,
            trial.standsFor, data?.name, data?.origin, data?.checksum, data?.note,
        ])
        return db.lastInsertedRowID
    }

    /// Whether any trial has more than its row.
    static func isBegun(_ experiment: Int64, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM trials WHERE experiment = ? AND startedAt IS NOT NULL)",
            arguments: [experiment]) ?? false
    }

    private static func requireAtRest(_ experiment: Int64, name: String, _ db: Database) throws {
        guard
            let running = try Row.fetchOne(
                db,
                sql: """
                    SELECT host, pid FROM trials JOIN runs ON runs.id = run
                    WHERE experiment = ? AND status = 'running'
                    """, arguments: [experiment])
        else { return }
        let (host, pid) = try (
            running.value("host", of: "runs", as: String.self), running.value("pid", of: "runs", as: Int.self)
        )
        throw JournalError(
            .inputOutput, "\(name) is being run by process \(pid) on \(host); stop it before starting over")
    }

    /// Gives an old version's trials up for those of a fresh one, which then has its place.
    static func replace(_ old: Int64, by fresh: Int64, _ db: Database) throws {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT id, name, programVersion, createdAt FROM experiments WHERE id = ? AND replaces = ?",
                arguments: [fresh, old])
        else { return }
        try requireAtRest(old, name: row.value("name", of: "experiments"), db)
        for table in ["trialRecords", "tuningChoices"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE experiment = ?", arguments: [old])
            try db.execute(sql: "UPDATE \(table) SET experiment = ? WHERE experiment = ?", arguments: [old, fresh])
        }
        try db.execute(
            sql: """
                UPDATE experiments SET (spec, programVersion, createdAt) =
                    (SELECT spec, programVersion, createdAt FROM experiments WHERE id = ?) WHERE id = ?
                """, arguments: [fresh, old])
        try db.execute(sql: "DELETE FROM experiments WHERE id = ?", arguments: [fresh])
    }
}
