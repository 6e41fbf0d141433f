import Foundation
import GRDB

/// All that decides a trial's results, and nothing else: no labels, and no experiment.
public struct TrialContent: Sendable, Equatable {
    /// Equal for trials whose results are equal bit for bit.
    public var hash: String
    /// The optimizer's settings as the trial would record them when it begins; nil where only its tuning tells them.
    public var optimizerSettings: String?

    public init(hash: String, optimizerSettings: String?) {
        self.hash = hash
        self.optimizerSettings = optimizerSettings
    }
}

/// How many trials have the results of one other experiment version.
public struct TakenOver: Sendable, Equatable {
    /// The version's name and hash.
    public let name: String
    public let hash: String
    public internal(set) var trials: Int
}

extension [TakenOver] {
    /// Counts trials of the same versions together.
    public mutating func add(_ others: [TakenOver]) {
        for other in others {
            if let index = firstIndex(where: { $0.name == other.name && $0.hash == other.hash }) {
                self[index].trials += other.trials
            } else {
                append(other)
            }
        }
    }
}

/// Copies results of completed trials to trials of the same content, so that every version stands alone: what becomes
/// of one never touches another.
struct TakingOver {
    private let experiment: Int64
    private let name: String
    private let db: Database
    /// The versions that results came from, in the order of their first trials.
    private(set) var sources: [TakenOver] = []

    /// - Parameters:
    ///   - experiment: the version whose trials get results.
    ///   - name: what learned optimizers are called in it.
    init(to experiment: Int64, called name: String, _ db: Database) {
        self.experiment = experiment
        self.name = name
        self.db = db
    }

    /// The first completed trial of another version for each of the contents in a JSON array. A version that is being
    /// run afresh is none yet.
    static let sourceQuery = """
        SELECT content, min(trials.id) AS id, name, hash
        FROM trials JOIN experiments ON experiments.id = experiment
        WHERE content IN (SELECT value FROM json_each(?)) AND status = 'completed' AND experiment <> ?
            AND replaces IS NULL
        GROUP BY content
        """

    /// Looks for completed trials of other versions with these contents, all at once: one by one would make registering
    /// noticeably slower. Where there is one, its results are the trial's.
    mutating func complete(_ trials: [(id: Int64, content: TrialContent)]) throws {
        guard !trials.isEmpty else { return }
        let hashes = try JSONEncoder().encode(trials.map(\.content.hash))
        let found = try Row.fetchAll(
            db, sql: Self.sourceQuery, arguments: [String(decoding: hashes, as: UTF8.self), experiment])
        let sources = try Dictionary(
            uniqueKeysWithValues: found.map { (try $0.value("content", of: "trialRecords", as: String.self), $0) })
        for trial in trials {
            guard let source = sources[trial.content.hash] else { continue }
            try copy(source.value("id", of: "trialRecords"), to: trial.id, trial.content.optimizerSettings)
            self.sources.add([
                TakenOver(
                    name: try source.value("name", of: "experiments"),
                    hash: try source.value("hash", of: "experiments"),
                    trials: 1)
            ])
        }
    }

    private func copy(_ source: Int64, to trial: Int64, _ optimizerSettings: String?) throws {
        try Recorder.erase(trial, db)
        try copyResults(of: source, to: trial, optimizerSettings)
        try copyMeasurements(of: source, to: trial)
        try copyLearnedOptimizer(of: source, to: trial)
        // Settings that only tuning tells are those of a tuned optimizer.
        if optimizerSettings == nil { try copyTuningChoices(of: source, to: trial) }
    }

    private func copy(_ statement: String, of source: Int64, to trial: Int64) throws {
        try db.cachedStatement(sql: statement).execute(arguments: ["source": source, "trial": trial])
    }

    /// The trial keeps what it is called, its data and its place.
    private func copyResults(of source: Int64, to trial: Int64, _ optimizerSettings: String?) throws {
        let columns = """
            status, content, run, startedAt, finishedAt, seconds, steps, diverged, note, error, kernelTable,
            architecture
            """
        try db.cachedStatement(
            sql: """
                UPDATE trialRecords SET takenFrom = :source, (\(columns), optimizerSettings) =
                    (SELECT \(columns), coalesce(:settings, optimizerSettings) FROM trials WHERE id = :source)
                WHERE id = :trial
                """
        ).execute(arguments: ["source": source, "trial": trial, "settings": optimizerSettings])
    }

    private func copyMeasurements(of source: Int64, to trial: Int64) throws {
        let tables = [
            "results": "name, value, isNaN",
            "curves": "metric, chunk, firstStep, stride, pointCount, pointValues",
            "curveOverviews": "metric, pointCount, lastStep, buckets",
            "snapshots": "step, parameter, shape, elementType, bytes",
        ]
        for (table, columns) in tables {
            try copy(
                """
                INSERT INTO \(table) (trial, \(columns))
                SELECT :trial, \(columns) FROM \(table) WHERE trial = :source
                """, of: source, to: trial)
        }
    }

    private func copyLearnedOptimizer(of source: Int64, to trial: Int64) throws {
        let last = try db.cachedStatement(sql: "SELECT max(id) FROM learnedOptimizers WHERE trial = ?")
        guard let learned = try Int64.fetchOne(last, arguments: [source]) else { return }
        try db.execute(
            sql: """
                INSERT INTO learnedOptimizers (trial, name, kind, configuration, evaluationLoss, createdAt)
                SELECT ?, ?, kind, configuration, evaluationLoss, createdAt FROM learnedOptimizers WHERE id = ?
                """, arguments: [trial, name, learned])
        let columns = "position, name, shape, elementType, bytes"
        try db.execute(
            sql: """
                INSERT INTO learnedOptimizerWeights (learnedOptimizer, \(columns))
                SELECT ?, \(columns) FROM learnedOptimizerWeights WHERE learnedOptimizer = ?
                """, arguments: [db.lastInsertedRowID, learned])
    }

    /// What tuning chose for an evaluation's optimizer, under the labels that it has here: nobody will ask for the
    /// choice, and so have it recorded, where no evaluation is left to be run.
    private func copyTuningChoices(of source: Int64, to trial: Int64) throws {
        let columns = "candidate, meanFinalLoss, trials, chosen"
        try copy(
            """
            INSERT OR REPLACE INTO tuningChoices (experiment, problem, optimizer, replicate, \(columns))
            SELECT here.experiment, here.problem, here.optimizer, coalesce(here.replicate, 0), \(columns)
            FROM trials AS here, trials AS there
            JOIN tuningChoices AS choices ON choices.experiment = there.experiment
                AND choices.problem = there.problem AND choices.optimizer = there.optimizer
                AND choices.replicate = coalesce(there.replicate, 0)
            WHERE here.id = :trial AND there.id = :source
            ORDER BY choices.rowid
            """, of: source, to: trial)
    }
}
