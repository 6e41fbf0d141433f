import GRDB
import Nouns

/// Brings into this journal what one other has. It is safe to stop anywhere between two trials, and to repeat.
struct Merge {
    private let path: String
    private let other: Database
    private let db: Database
    private let preference: MergePreference?
    private let selection: MergeSelection?
    private let isLive: Bool
    private let pause: () throws -> Void
    private(set) var outcome: MergeOutcome
    /// The ids here of what has ids there.
    private var runs: [Int64: Int64] = [:]
    private var trials: [Int64: Int64] = [:]
    /// Trials here whose results are those of a trial there.
    private var taken: [(trial: Int64, source: Int64)] = []

    /// What stands as the source of a trial that was taken over from one that this journal doesn't have.
    static let sourceElsewhere: Int64 = 0

    /// - Parameters:
    ///   - path: the other journal's, for messages.
    ///   - selection: the trials that may come, and then no notes and tags come; nil for all.
    ///   - isLive: whether what runs there is to be shown as running.
    ///   - outcome: what came of earlier ones, to be added to.
    ///   - pause: called where the journal may be committed as it is.
    init(
        _ path: String, _ other: Database, into db: Database, preferring preference: MergePreference?,
        only selection: MergeSelection? = nil, isLive: Bool = false, after outcome: MergeOutcome = MergeOutcome(),
        pause: @escaping () throws -> Void = {}
    ) {
        self.path = path
        self.other = other
        self.db = db
        self.preference = preference
        self.selection = selection
        self.isLive = isLive
        self.outcome = outcome
        self.pause = pause
    }

    /// Merges all experiment versions, or those with the given ids there.
    mutating func run(_ chosen: Set<Int64>? = nil) throws {
        try MergedRuns(other: other, db: db).hearOfTheirEnds()
        var names: Set<String> = []
        for row in try Row.fetchAll(other, sql: "SELECT * FROM experiments ORDER BY id") {
            guard try row.value("replaces", of: "experiments", as: Int64?.self) == nil else {
                outcome.unfinishedVersions += chosen == nil ? 1 : 0
                continue
            }
            let version = try ExperimentRecord(row)
            guard chosen?.contains(version.id) ?? true else { continue }
            let identities = selection?.identities(of: version)
            guard selection == nil || identities != nil else { continue }
            try bring(version, only: identities)
            if selection == nil, names.insert(version.name).inserted {
                for rows in NamedRows.all {
                    outcome.writings += try rows.unite(version.name, in: other, with: db)
                }
            }
        }
        for (trial, source) in taken {
            guard let source = trials[source] else { continue }
            try db.cachedStatement(sql: "UPDATE trialRecords SET takenFrom = ? WHERE id = ?")
                .execute(arguments: [source, trial])
        }
    }

    private mutating func bring(_ version: ExperimentRecord, only identities: Set<String>?) throws {
        let known = try Journal.version(version.name, version.hash, db)
        let experiment = try known ?? insert(version)
        try bringTunings(of: version, to: experiment)
        let isBegunHere = try known != nil && Journal.isBegun(experiment, db)
        for theirs in try MergedTrial.all(of: version.id, other) where identities?.contains(theirs.identity) ?? true {
            try pause()
            let ours = try MergedTrial.one(of: experiment, identity: theirs.identity, db)
            switch try MergeDecision(ours, theirs, isBegunHere: isBegunHere, isLive: isLive, here: db, there: other) {
            case .bring:
                try bring(theirs, in: version, to: experiment, ours)
            case .keep:
                if let ours { note(theirs, isHere: ours.id, takenFrom: ours.takenFrom) }
            case .leaveRunning:
                outcome.busy += 1
            case .conflict(let difference):
                let subject = "\(theirs.kind) of \(theirs.optimizer) on \(theirs.problem), seed \(theirs.seed)"
                report(subject, of: version, difference)
                if preference == .theirs { try bring(theirs, in: version, to: experiment, ours) }
            }
        }
    }

    private mutating func report(_ subject: String, of version: ExperimentRecord, _ difference: String) {
        outcome.conflicts.append(
            MergeConflict(
                path: path, experiment: "\(version.name)@\(version.hash.prefix(12))", subject: subject,
                difference: difference))
    }

    private mutating func insert(_ version: ExperimentRecord) throws -> Int64 {
        let columns = try OwnedRows.columns(of: "experiments", besides: ["id", "replaces"], db)
        let row = try Row.fetchOne(
            other.cachedStatement(sql: "SELECT \(columns) FROM experiments WHERE id = ?"), arguments: [version.id])
        try db.cachedStatement(
            sql: "INSERT INTO experiments (replaces, \(columns)) VALUES (NULL\(OwnedRows.places(columns)))"
        ).execute(arguments: StatementArguments(row.map { Array($0.databaseValues) } ?? []))
        outcome.experiments += 1
        return db.lastInsertedRowID
    }

    /// Trials know what they were taken from by its number, which is another one here.
    private mutating func note(_ theirs: MergedTrial, isHere trial: Int64, takenFrom source: Int64?) {
        trials[theirs.id] = trial
        if let original = theirs.takenFrom, source == Self.sourceElsewhere { taken.append((trial, original)) }
    }

    private mutating func bring(
        _ theirs: MergedTrial, in version: ExperimentRecord, to experiment: Int64, _ ours: MergedTrial?
    ) throws {
        let columns = try OwnedRows.columns(
            of: "trialRecords", besides: ["id", "experiment", "run", "takenFrom", "status", "finishedAt"], db)
        // What runs there does not run here: it can go on from its checkpoint.
        let selection = """
            SELECT \(columns), CASE WHEN status = 'running' AND NOT :isLive THEN 'interrupted' ELSE status END,
                coalesce(
                    finishedAt, (SELECT heartbeatAt FROM runs WHERE runs.id = run AND status = 'running' AND NOT :isLive))
            FROM trialRecords WHERE id = :id
            """
        let row = try Row.fetchOne(
            other.cachedStatement(sql: selection), arguments: ["isLive": isLive, "id": theirs.id])
        let source = theirs.takenFrom.map { _ in Self.sourceElsewhere }
        let run = try theirs.run.flatMap { try self.run($0) }
        let values = [run.databaseValue, source.databaseValue] + (row.map { Array($0.databaseValues) } ?? [])
        let all = "run, takenFrom, \(columns), status, finishedAt"
        let places = "?" + OwnedRows.places(all).dropFirst(3)
        let trial: Int64
        if let ours {
            trial = ours.id
            try Recorder.erase(trial, db)
            try db.cachedStatement(sql: "UPDATE trialRecords SET (\(all)) = (\(places)) WHERE id = ?")
                .execute(arguments: StatementArguments(values + [trial.databaseValue]))
        } else {
            try db.cachedStatement(sql: "INSERT INTO trialRecords (experiment, \(all)) VALUES (?, \(places))")
                .execute(arguments: StatementArguments([experiment.databaseValue] + values))
            trial = db.lastInsertedRowID
        }
        for rows in OwnedRows.ofTrials { try rows.copy(of: theirs.id, in: other, to: trial, in: db) }
        note(theirs, isHere: trial, takenFrom: source)
        outcome.trials += 1
    }

    /// The id here of a run there.
    private mutating func run(_ id: Int64) throws -> Int64? {
        if runs[id] == nil { runs[id] = try MergedRuns(other: other, db: db).bring(id, isLive: isLive) }
        return runs[id]
    }

    /// The choices of a tuning come together, or not at all.
    private mutating func bringTunings(of version: ExperimentRecord, to experiment: Int64) throws {
        let theirs = try MergedTuning.all(of: version.id, other)
        guard !theirs.isEmpty else { return }
        let ours = try MergedTuning.all(of: experiment, db)
        for tuning in theirs {
            let known = ours.first { $0.isOfSame(as: tuning) }
            if let known {
                guard let difference = known.difference(from: tuning) else { continue }
                report("what was chosen for \(tuning.optimizer) on \(tuning.problem)", of: version, difference)
                guard preference == .theirs else { continue }
            }
            try tuning.write(to: experiment, db)
            outcome.tunings += 1
        }
    }
}
