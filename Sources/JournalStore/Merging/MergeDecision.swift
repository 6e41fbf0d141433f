import GRDB

/// What is looked at of a trial to decide whether it comes.
struct MergedTrial {
    let id: Int64
    let identity: String
    let kind: String
    let problem: String
    let optimizer: String
    let seed: Int
    let status: TrialStatus
    let isBegun: Bool
    let dataset: String?
    let checksum: String?
    let run: Int64?
    /// What tells the process that runs it, or ran it, from all others.
    let process: String?
    let takenFrom: Int64?
    /// The step of its checkpoint.
    let checkpoint: Int?

    private static let selection = """
        SELECT trialRecords.id AS id, identity, kind, problem, optimizer, seed, status, startedAt, dataset,
            datasetChecksum, run, takenFrom, checkpoints.step AS checkpoint,
            (SELECT process FROM runs WHERE runs.id = run) AS process
        FROM trialRecords LEFT JOIN checkpoints ON checkpoints.trial = trialRecords.id WHERE experiment = ?
        """

    /// The trials of a version, in the order of its spec.
    static func all(of experiment: Int64, _ db: Database) throws -> [MergedTrial] {
        try Row.fetchAll(db.cachedStatement(sql: selection + " ORDER BY position, id"), arguments: [experiment])
            .map(MergedTrial.init)
    }

    static func one(of experiment: Int64, identity: String, _ db: Database) throws -> MergedTrial? {
        let find = try db.cachedStatement(sql: selection + " AND identity = ?")
        return try Row.fetchOne(find, arguments: [experiment, identity]).map(MergedTrial.init)
    }

    private init(_ row: Row) throws {
        func text(_ column: String) throws -> String { try row.value(column, of: "trialRecords") }
        guard let status = TrialStatus(rawValue: try text("status")) else {
            throw row.fault(
                "status", of: "trialRecords", allowed: TrialStatus.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.status = status
        id = try row.value("id", of: "trialRecords")
        identity = try text("identity")
        kind = try text("kind")
        problem = try text("problem")
        optimizer = try text("optimizer")
        seed = try row.value("seed", of: "trialRecords")
        isBegun = try row.value("startedAt", of: "trialRecords", as: String?.self) != nil
        dataset = try row.value("dataset", of: "trialRecords")
        checksum = try row.value("datasetChecksum", of: "trialRecords")
        run = try row.value("run", of: "trialRecords")
        process = try row.value("process", of: "runs")
        takenFrom = try row.value("takenFrom", of: "trialRecords")
        checkpoint = try row.value("checkpoint", of: "checkpoints")
    }
}

/// What becomes of a trial that another journal has.
enum MergeDecision {
    /// It comes, in place of what is here.
    case bring
    /// What is here stays: it is the same, or further.
    case keep
    /// A process runs it here.
    case leaveRunning
    /// Both have results, or data, and different ones.
    case conflict(String)

    /// - Parameters:
    ///   - ours: the trial as it is here, where no dead run's is `running`; nil where it is not.
    ///   - isBegunHere: whether any trial of its version has begun here.
    ///   - isLive: whether what runs there is to be shown as running.
    init(
        _ ours: MergedTrial?, _ theirs: MergedTrial, isBegunHere: Bool, isLive: Bool, here: Database, there: Database
    ) throws {
        guard let ours else {
            self = .bring
            return
        }
        switch (ours.status, theirs.status) {
        case (.completed, .completed):
            let difference = try TrialDifference(here: here, there: there).words(ours.id, theirs.id)
            self = difference.map { .conflict($0) } ?? .keep
        case (.completed, _):
            self = .keep
        case (.running, .running) where isLive && ours.process == theirs.process:
            // Seen from afar: there it is as it is now.
            self = .bring
        case (.running, let status):
            self = status == .completed ? .leaveRunning : .keep
        default:
            guard
                theirs.status == .completed || isLive && theirs.status == .running || Self.isFurther(theirs, than: ours)
            else {
                self = .keep
                return
            }
            // As in one journal: where nothing has begun, other data does no harm.
            if isBegunHere, let checksum = ours.checksum, let other = theirs.checksum, checksum != other {
                let name = theirs.dataset ?? "its data"
                self = .conflict("\(name) has the checksum \(checksum) here, \(other) there")
            } else {
                self = .bring
            }
        }
    }

    private static func isFurther(_ theirs: MergedTrial, than ours: MergedTrial) -> Bool {
        if let step = theirs.checkpoint { return step > ours.checkpoint ?? -1 }
        return theirs.isBegun && !ours.isBegun
    }
}
