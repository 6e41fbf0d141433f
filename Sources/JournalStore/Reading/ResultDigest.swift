import GRDB
import Nouns

extension Journal {
    /// A SHA-256, in hexadecimal, of all results of an experiment version: of everything that must be equal
    /// bit for bit, whatever the machine, the number of workers and the interruptions.
    ///
    /// - SeeAlso: ``forEachResult(of:_:)``, to find where two journals part.
    public func resultDigest(of experiment: Int64) throws -> String {
        let checksum = SHA256()
        try forEachResult(of: experiment) { checksum.add($0 + "\n") }
        return checksum.finish()
    }

    /// Hands over all results of an experiment version as lines of text, in an order that depends on them
    /// alone: trials, their curves without times, snapshots, learned optimizers, tuning choices.
    ///
    /// Row numbers, times, hosts and program versions are left out.
    public func forEachResult(of experiment: Int64, _ body: (String) throws -> Void) throws {
        try read { db in
            let trials = try Row.fetchAll(
                db, sql: Self.resultColumns + " WHERE experiment = ? ORDER BY identity", arguments: [experiment])
            for trial in trials {
                let id = try trial.value("id", of: "trialRecords", as: Int64.self)
                let identity = try trial.value("identity", of: "trialRecords", as: String.self)
                try body("trial " + Self.line(trial.databaseValues.dropLast()))
                try Self.forEachOtherResult(of: id, identity, db, body)
                try Self.forEachPoint(of: id, identity, db, body)
                try Self.forEachTensor(of: id, identity, db, body)
            }
            let choices = try Row.fetchAll(
                db,
                sql: """
                    SELECT problem, optimizer, candidate, meanFinalLoss, trials, chosen, nullif(replicate, 0)
                    FROM tuningChoices WHERE experiment = ? ORDER BY problem, optimizer, candidate, replicate
                    """, arguments: [experiment])
            for choice in choices {
                // Nothing is said of a replicate where there is but one.
                let values = choice.databaseValues
                try body("tuningChoice " + Self.line(values.last == .null ? values.dropLast() : values[...]))
            }
        }
    }

    /// The columns of a trial that must be equal, and its id.
    static let resultColumns = """
        SELECT identity, kind, problem, problemSettings, optimizer, optimizerSettings, seed, precision,
            architecture, dataset, datasetChecksum, status, steps,
            CASE WHEN instr(nanResults, 'finalLoss') THEN NULL ELSE finalLoss END AS finalLoss,
            CASE WHEN instr(nanResults, 'bestLoss') THEN NULL ELSE bestLoss END AS bestLoss,
            CASE WHEN instr(nanResults, 'testLoss') THEN NULL ELSE testLoss END AS testLoss,
            accuracy, diverged, id
        FROM trials
        """

    /// The results that have no column among those of every trial.
    private static func forEachOtherResult(
        of trial: Int64, _ identity: String, _ db: Database, _ body: (String) throws -> Void
    ) throws {
        let results = try Row.fetchAll(db, sql: otherResultsQuery, arguments: ["trial": trial])
        for result in results { try body("result \(identity) " + line(result.databaseValues)) }
    }

    static let otherResultsQuery = """
        SELECT name, CASE WHEN isNaN THEN NULL ELSE value END FROM results
        WHERE trial = :trial AND \(TrialResults.haveNoColumn) ORDER BY name
        """

    private static func forEachPoint(
        of trial: Int64, _ identity: String, _ db: Database, _ body: (String) throws -> Void
    ) throws {
        for metric in try metrics(of: trial, db) where !metric.isTiming {
            let (steps, values) = try points(trial: trial, metric: metric, db)
            for (step, value) in zip(steps, values) {
                try body("point \(identity) \(metric) \(step) \(value)")
            }
        }
    }

    private static func forEachTensor(
        of trial: Int64, _ identity: String, _ db: Database, _ body: (String) throws -> Void
    ) throws {
        let tensors = try Row.fetchCursor(db, sql: tensorQuery, arguments: ["trial": trial])
        while let tensor = try tensors.next() {
            try body("\(identity) " + line(tensor.databaseValues))
        }
    }

    static let tensorQuery = """
        SELECT 'snapshot', step, parameter, shape, elementType, bytes, NULL, NULL
        FROM snapshots WHERE trial = :trial
        UNION ALL
        SELECT 'learnedOptimizer', learnedOptimizers.name, weights.name, shape, elementType, bytes,
            configuration, evaluationLoss
        FROM learnedOptimizers
        LEFT JOIN learnedOptimizerWeights AS weights ON learnedOptimizer = learnedOptimizers.id
        WHERE trial = :trial
        ORDER BY 1, 2, 3
        """

    private static func line(_ values: some Sequence<DatabaseValue>) -> String {
        values.map { "\(QueryResult.Value($0))" }.joined(separator: " ")
    }
}
