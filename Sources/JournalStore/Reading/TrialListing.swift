import GRDB
import Nouns

/// Which of an experiment's trials to list, in which order, and which page of them.
public struct TrialListing: Sendable, Equatable {
    /// What trials are ordered by.
    public enum Order: Sendable, Equatable {
        case position, problem, optimizer, seed, status, seconds
        /// A result; trials without it come last.
        case result(Metric)
    }

    public var experiment: Int64
    public var kind: TrialKindName?
    public var problem: String?
    public var optimizer: String?
    public var status: TrialStatus?
    public var seed: Int?
    /// What stands somewhere in the names of problem and optimizer or in the settings, or is the seed.
    public var search: String?
    public var order = Order.position
    public var isDescending = false
    public var offset = 0
    public var limit: Int

    public init(experiment: Int64, limit: Int) {
        self.experiment = experiment
        self.limit = limit
    }
}

extension Journal {
    /// The trials of a page of a list, and how many there are on all its pages.
    ///
    /// Costs an entry of the list a trial of the experiment, and a row of results each where they are ordered by one.
    public func trials(_ listing: TrialListing) throws -> (trials: [TrialRecord], count: Int) {
        try read { db in
            let deadRuns = try liveness.unfinishedRuns(db).dead
            let ids = deadRuns.map(String.init).joined(separator: ",")
            // As it is told of each trial.
            let status =
                "CASE WHEN status = 'running' AND (run IS NULL OR run IN (\(ids))) THEN 'interrupted' ELSE status END"
            let selection = """
                FROM trialRecords LEFT JOIN results ON results.trial = trialRecords.id AND results.name = :result
                WHERE experiment = :experiment AND (:kind IS NULL OR kind = :kind)
                    AND (:problem IS NULL OR problem = :problem) AND (:optimizer IS NULL OR optimizer = :optimizer)
                    AND (:status IS NULL OR \(status) = :status)
                    AND (:seed IS NULL OR seed = :seed)
                    AND (:search IS NULL OR instr(lower(problem), :search) OR instr(lower(optimizer), :search)
                        OR CAST(seed AS TEXT) = :search OR instr(lower(optimizerSettings), :search)
                        OR instr(lower(problemSettings), :search))
                """
            let arguments: StatementArguments = [
                "result": listing.order.result, "experiment": listing.experiment, "kind": listing.kind?.rawValue,
                "problem": listing.problem, "optimizer": listing.optimizer, "status": listing.status?.rawValue,
                "seed": listing.seed, "search": listing.search?.lowercased(),
            ]
            let count = try Int.fetchOne(db, sql: "SELECT count(*) \(selection)", arguments: arguments) ?? 0
            let direction = listing.isDescending ? "DESC" : ""
            let found = try Int64.fetchAll(
                db,
                sql: """
                    SELECT trialRecords.id \(selection)
                    ORDER BY \(listing.order.column(status: status)) \(direction) NULLS LAST, position, trialRecords.id
                    LIMIT :limit OFFSET :offset
                    """, arguments: arguments + ["limit": listing.limit, "offset": listing.offset])
            return (try trials(found, deadRuns: deadRuns, db), count)
        }
    }

    /// These trials, in the order given; those that are not there are left out. Costs a row each.
    public func trials(_ ids: [Int64]) throws -> [TrialRecord] {
        try read { db in try trials(ids, deadRuns: liveness.unfinishedRuns(db).dead, db) }
    }

    private func trials(_ ids: [Int64], deadRuns: Set<Int64>, _ db: Database) throws -> [TrialRecord] {
        let list = ids.map(String.init).joined(separator: ",")
        let values = try TrialResults.values(where: "trial IN (\(list))", [], db)
        let rows = try Row.fetchAll(db, sql: "SELECT \(TrialRecord.selection) FROM trialRecords WHERE id IN (\(list))")
            .map { try TrialRecord($0, values: values[$0[0]] ?? [:], deadRuns: deadRuns) }
        let trials = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return ids.compactMap { trials[$0] }
    }

    /// What an experiment's trials are like: their kinds, problems and optimizers in the order of the spec, with how many
    /// trials there are of each. Costs an entry a trial.
    public func trialGroups(of experiment: Int64) throws -> [TrialGroup] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, problem, optimizer, count(*) AS trials, min(id) AS first,
                        sum(startedAt IS NOT NULL) AS begun, sum(status = 'completed') AS completed
                    FROM trialRecords WHERE experiment = ? GROUP BY kind, problem, optimizer ORDER BY min(position)
                    """, arguments: [experiment]
            ).map { row in
                func text(_ column: String) throws -> String { try row.value(column, of: "trialRecords") }
                return TrialGroup(
                    kind: TrialKindName(rawValue: try text("kind")), problem: try text("problem"),
                    optimizer: try text("optimizer"), trials: try row.value("trials", of: "trialRecords"),
                    begun: try row.value("begun", of: "trialRecords"),
                    completed: try row.value("completed", of: "trialRecords"))
            }
        }
    }

    /// An experiment's trials of a kind that have begun, in the order of the spec, as far as charts tell them apart.
    /// Costs a row a trial.
    public func members(of experiment: Int64, kind: TrialKindName) throws -> [TrialMember] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT id, problem, optimizer, replicate, diverged, status = 'completed' AS isOver FROM trialRecords
                    WHERE experiment = ? AND kind = ? AND startedAt IS NOT NULL ORDER BY position, id
                    """, arguments: [experiment, kind.rawValue])
            var members: [TrialMember] = []
            while let row = try rows.next() {
                members.append(
                    TrialMember(
                        id: try row.value("id", of: "trialRecords"),
                        problem: try row.value("problem", of: "trialRecords"),
                        optimizer: try row.value("optimizer", of: "trialRecords"),
                        replicate: try row.value("replicate", of: "trialRecords"),
                        isDiverged: try row.value("diverged", of: "trialRecords"),
                        isOver: try row.value("isOver", of: "trialRecords")))
            }
            return members
        }
    }

    /// Whether any experiment has trained several optimizers, each from a seed of its own. Costs a look at each trial
    /// where none has.
    public func hasReplicates() throws -> Bool {
        try read { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM trialRecords WHERE replicate IS NOT NULL)")
                ?? false
        }
    }

    /// The process that ran a trial; nil where none has.
    public func run(of trial: Int64) throws -> RunRecord? {
        try read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM runs WHERE id = (SELECT run FROM trialRecords WHERE id = ?)",
                arguments: [trial]
            ).map { row in
                RunRecord(
                    host: try row.value("host", of: "runs"), pid: try row.value("pid", of: "runs"),
                    job: try row.value("job", of: "runs"),
                    programVersion: try row.value("programVersion", of: "runs"))
            }
        }
    }

    /// The step of the checkpoint from which a trial can go on; nil where there is none.
    public func checkpoint(of trial: Int64) throws -> (step: Int, createdAt: String)? {
        try read { db in
            try Row.fetchOne(
                db, sql: "SELECT step, createdAt FROM checkpoints WHERE trial = ?", arguments: [trial]
            ).map { (try $0.value("step", of: "checkpoints"), try $0.value("createdAt", of: "checkpoints")) }
        }
    }
}

/// The trials of one optimizer on one problem.
public struct TrialGroup: Sendable, Equatable {
    public let kind: TrialKindName
    public let problem: String
    public let optimizer: String
    public let trials: Int
    public let begun: Int
    public let completed: Int
}

/// A trial that has begun, as one of many.
public struct TrialMember: Sendable, Equatable {
    public let id: Int64
    public let problem: String
    public let optimizer: String
    /// Of several that were trained, which; nil where there is but one.
    public let replicate: Int?
    public let isDiverged: Bool
    /// Whether nothing comes after what it has recorded.
    public let isOver: Bool
}

/// A process that ran trials.
public struct RunRecord: Sendable, Equatable {
    public let host: String
    public let pid: Int
    /// The job of a cluster's queue that it was a task of; nil of any other.
    public let job: String?
    public let programVersion: String

    /// What ran them, and where.
    public var inWords: String {
        "journal \(programVersion) on \(host), " + (job.map { "job \($0)" } ?? "process \(pid)")
    }
}

extension TrialListing.Order {
    fileprivate var result: String? {
        if case .result(let metric) = self { metric.rawValue } else { nil }
    }

    fileprivate func column(status: String) -> String {
        switch self {
        case .position: "position"
        case .problem: "problem"
        case .optimizer: "optimizer"
        case .seed: "seed"
        case .status: status
        case .seconds: "seconds"
        case .result: "results.value"
        }
    }
}
