import Foundation
import GRDB
import Nouns

/// What would go with an experiment, a version or a trial, and who has something of it: to be shown before it is
/// deleted.
public struct Deletion: Sendable {
    /// What is deleted.
    public enum Subject: Sendable {
        /// All versions of an experiment, oldest first, with its notes and tags.
        case experiment([ExperimentRecord])
        /// One version of several.
        case version(ExperimentRecord)
        case trial(TrialRecord, of: ExperimentRecord)
    }

    public let subject: Subject
    public let trials: Int
    /// Those of them whose results or checkpoints go.
    public let begunTrials: Int
    public let learnedOptimizers: Int
    /// Notes that go too: those of an experiment stay as long as it has a version.
    public let notes: Int
    /// Versions that have taken over results of these trials. Theirs are copies, and stay.
    public let takenBy: [TakenOver]
    /// Versions with trials that ran with an optimizer that was learned here. What they came to stays; they cannot be
    /// run again.
    public let optimizerUsers: [TakenOver]

    /// What a person types to say that this is what is meant.
    public var name: String {
        switch subject {
        case .experiment(let versions): versions[0].name
        case .version(let version): version.reference
        case .trial(let trial, _): String(trial.id)
        }
    }

    init(of subject: Subject, _ db: Database) throws {
        self.subject = subject
        let ids = subject.trials
        func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
        trials = try count("SELECT count(*) FROM (\(ids))")
        begunTrials = try count("SELECT count(*) FROM trialRecords WHERE id IN (\(ids)) AND startedAt IS NOT NULL")
        learnedOptimizers = try count("SELECT count(DISTINCT trial) FROM learnedOptimizers WHERE trial IN (\(ids))")
        if case .experiment(let versions) = subject {
            notes = try Journal.notes(of: versions[0].name, db).count
        } else {
            notes = 0
        }
        takenBy = try Self.versions(of: "takenFrom IN (\(ids)) AND trialRecords.id NOT IN (\(ids))", [], db)
        let learned = learnedOptimizers > 0 ? subject.versions : []
        // A trial records whose optimizer it ran with by the version's name and whole hash, behind which a replicate's
        // number may stand (`StoredOptimizer`).
        optimizerUsers = try learned.reduce(into: []) { users, version in
            let text = "\"\(version.name)@\(version.hash)"
            users += try Self.versions(
                of: "instr(optimizerSettings, ?) > 0 AND trialRecords.id NOT IN (\(ids))", [text], db)
        }
    }

    /// Whether it would come to the same now.
    fileprivate func isStillTrue(_ db: Database) throws -> Bool {
        if case .experiment(let versions) = subject {
            let now = try Journal.experiments(named: versions[0].name, db)
            guard now.map(\.id) == versions.map(\.id), now.map(\.hash) == versions.map(\.hash) else { return false }
        }
        let now = try Deletion(of: subject, db)
        return trials == now.trials && begunTrials == now.begunTrials && learnedOptimizers == now.learnedOptimizers
            && notes == now.notes && takenBy == now.takenBy && optimizerUsers == now.optimizerUsers
    }

    /// The versions with trials for which a condition holds, and how many those are.
    private static func versions(
        of condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> [TakenOver] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT name, hash, count(*) AS trials FROM trialRecords JOIN experiments ON experiments.id = experiment
                WHERE \(condition) AND replaces IS NULL GROUP BY experiment ORDER BY experiment
                """, arguments: arguments
        ).map(TakenOver.init)
    }
}

extension Deletion.Subject {
    /// The versions that are touched.
    var versions: [ExperimentRecord] {
        switch self {
        case .experiment(let versions): versions
        case .version(let version): [version]
        case .trial(_, let version): [version]
        }
    }

    fileprivate var versionIDs: String { versions.map { String($0.id) }.joined(separator: ", ") }

    /// The ids of the trials that go, as SQL.
    fileprivate var trials: String {
        if case .trial(let trial, let version) = self {
            return "SELECT id FROM trialRecords WHERE id = \(trial.id) AND experiment = \(version.id)"
        }
        return "SELECT id FROM trialRecords WHERE experiment IN (\(versionIDs))"
    }
}

extension Journal {
    /// What deleting `NAME`, an experiment in all its versions, or `NAME@HASH`, one of them, would come to. The last
    /// version is the whole experiment.
    ///
    /// - Throws: As ``experiment(named:)``.
    public func deletion(of reference: String) throws -> Deletion {
        try read { db in
            let version = try Self.experiment(named: reference, db)
            let versions = try Self.experiments(named: version.name, db)
            let isWhole = Self.split(reference).hashPrefix == nil || versions.count == 1
            return try Deletion(of: isWhole ? .experiment(versions) : .version(version), db)
        }
    }

    /// What deleting a trial would come to: its version then lacks it, until it is run again.
    ///
    /// - Throws: As ``trial(_:)``.
    public func deletion(ofTrial id: Int64) throws -> Deletion {
        let trial = try trial(id)
        let version = try experiment(trial.experiment)
        return try read { try Deletion(of: .trial(trial, of: version), $0) }
    }

    /// Deletes what was shown, all of it or nothing.
    ///
    /// Results that other versions have taken over stay there. The space is free in the file then, and given back by
    /// ``shrink()``.
    ///
    /// - Throws: ``JournalError``: when a run is at work on it, when it is no longer what was shown, when the write
    ///   fails.
    public func delete(_ deletion: Deletion) throws {
        try write { db in
            try liveness.bury(db)
            try requireAtRest(deletion, db)
            guard try deletion.isStillTrue(db) else {
                throw JournalError(
                    .inputOutput, "\(deletion.name) has changed since it was looked at; nothing was deleted. Look again"
                )
            }
            try Self.passOn(deletion, db)
            let subject = deletion.subject
            switch subject {
            case .trial(let trial, _):
                try db.execute(sql: "DELETE FROM trialRecords WHERE id = ?", arguments: [trial.id])
            case .version, .experiment:
                try db.execute(sql: "DELETE FROM experiments WHERE id IN (\(subject.versionIDs))")
            }
            guard case .experiment(let versions) = subject else { return }
            for table in ["notes", "tags", "archivedExperiments"] {
                let names = try String.fetchAll(db, sql: "SELECT DISTINCT experiment FROM \(table)")
                for name in names where name == versions[0].name {
                    try db.execute(sql: "DELETE FROM \(table) WHERE experiment = ?", arguments: [name])
                }
            }
        }
    }

    /// Gives the space that was deleted back to the disk, by writing the file anew: that takes as much space again
    /// while it lasts, and time in proportion; a run that goes on waits meanwhile, and loses nothing.
    ///
    /// - Throws: ``JournalError`` when there is no room for it, or another program is in the way; nothing is lost then.
    public func shrink() throws {
        try inWords(path: path) {
            try database.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM")
                // Readers may keep the old pages for a while; whoever is the last to close gives them back.
                _ = try? db.checkpoint(.truncate)
            }
        }
    }

    /// How many bytes the file has once all that is in its log is written into it.
    public func byteCount() throws -> Int {
        try read { db in
            try Int.fetchOne(db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
        }
    }

    /// A run takes up its version's open trials without looking whether they are still there.
    private func requireAtRest(_ deletion: Deletion, _ db: Database) throws {
        let alive = try liveness.unfinishedRuns(db).alive.map(String.init).joined(separator: ", ")
        let versions = """
            SELECT id FROM experiments WHERE id IN (\(deletion.subject.versionIDs))
                OR replaces IN (\(deletion.subject.versionIDs))
            """
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT name, host, pid FROM trialRecords AS trial
                JOIN runs ON runs.id = run JOIN experiments ON experiments.id = experiment
                WHERE experiment IN (\(versions)) AND takenFrom IS NULL AND run IN (\(alive)) AND EXISTS (
                    SELECT 1 FROM trialRecords
                    WHERE experiment = trial.experiment AND status NOT IN ('completed', 'failed'))
                LIMIT 1
                """)
        guard let row else { return }
        let (name, host, pid) = try (
            row.value("name", of: "experiments", as: String.self), row.value("host", of: "runs", as: String.self),
            row.value("pid", of: "runs", as: Int.self)
        )
        throw JournalError(
            .inputOutput,
            "\(name) is being run by process \(pid) on \(host); wait for it or stop it, and delete then. Nothing was "
                + "deleted")
    }

    /// Trials of other versions that have results of those that go: the first of them is where they come from now, and
    /// says where they came from.
    private static func passOn(_ deletion: Deletion, _ db: Database) throws {
        let ids = deletion.subject.trials
        let heirs = try Row.fetchAll(
            db,
            sql: """
                SELECT takenFrom, min(id) AS id FROM trialRecords
                WHERE takenFrom IN (\(ids)) AND id NOT IN (\(ids)) GROUP BY takenFrom
                """)
        for row in heirs {
            let heir = try row.value("id", of: "trialRecords", as: Int64.self)
            let source = try row.value("takenFrom", of: "trialRecords", as: Int64.self)
            let origin = try String.fetchOne(
                db,
                sql: """
                    SELECT name || '@' || substr(hash, 1, 12) FROM experiments
                    WHERE id = (SELECT experiment FROM trialRecords WHERE id = ?)
                    """, arguments: [source])
            try db.execute(
                sql: "UPDATE trialRecords SET takenFrom = ? WHERE takenFrom = ? AND id <> ?",
                arguments: [heir, source, heir])
            try db.execute(
                sql: """
                    UPDATE trialRecords SET takenFrom = NULL, note = trim(coalesce(note, '') || ' ' || ?) WHERE id = ?
                    """,
                arguments: ["Its results were computed for \(origin ?? "another version"), which was deleted.", heir])
        }
    }
}
