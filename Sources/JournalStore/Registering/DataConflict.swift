import GRDB

/// Trials of an experiment version that are recorded with other data than they would have now.
///
/// One version is one experiment: its trials are paired with each other, tuned by each other and go on from their own
/// checkpoints, and none of that means anything across different data. So the data is recorded with the trials before
/// any of them begins.
struct DataConflict {
    private let recorded: DatasetRecord
    private let now: DatasetRecord
    private let trials: Int

    /// Compares what trials are recorded with, by its checksum, with what they are registered with now.
    ///
    /// - Returns: nil where they agree, as far as both are known.
    init?(of experiment: ExperimentRegistration, in version: Int64, _ db: Database) throws {
        guard experiment.trials.contains(where: { $0.dataset != nil }) else { return nil }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT id, identity, dataset, datasetOrigin, datasetChecksum, datasetNote, startedAt FROM trials
                WHERE experiment = ? AND datasetChecksum IS NOT NULL ORDER BY position, id
                """, arguments: [version])
        let expected = Dictionary(experiment.trials.map { ($0.identity, $0.dataset) }) { first, _ in first }
        var conflicts: [(recorded: DatasetRecord, now: DatasetRecord, isBegun: Bool)] = []
        while let row = try rows.next() {
            guard let now = expected[try row.value("identity", of: "trialRecords")] ?? nil,
                let recorded = try DatasetRecord(row), recorded.checksum != now.checksum
            else { continue }
            conflicts.append((recorded, now, try row.value("startedAt", of: "trialRecords", as: String?.self) != nil))
        }
        guard let first = conflicts.first else { return nil }
        recorded = first.recorded
        now = first.now
        let begun = conflicts.count(where: \.isBegun)
        trials = begun > 0 ? begun : conflicts.count
    }

    func error(of experiment: ExperimentRegistration) -> JournalError {
        func wording(_ dataset: DatasetRecord) -> String {
            let note = dataset.note.map { " (\($0))" } ?? ""
            return "\(dataset.name), \(dataset.origin)\(note), with the checksum \(dataset.checksum)"
        }
        let those = trials == 1 ? "1 trial is" : "\(trials) trials are"
        return JournalError(
            .badData,
            """
            \(experiment.name)@\(experiment.hash.prefix(12)): \(those) recorded with other data than there is \
            now, and results on different data cannot be compared.
              recorded: \(wording(recorded))
              now: \(wording(now))
            Either give the recorded data again (--data-dir, or where the spec says), or run all of it on the new data with --fresh, which \
            keeps the old results until the new ones are complete.
            """)
    }
}

extension DatasetRecord {
    /// Nil where a trial has no dataset.
    init?(_ row: Row) throws {
        func text(_ column: String) throws -> String { try row.value(column, of: "trialRecords") }
        guard try row.value("dataset", of: "trialRecords", as: String?.self) != nil else { return nil }
        self.init(
            name: try text("dataset"), origin: try text("datasetOrigin"), checksum: try text("datasetChecksum"),
            note: try row.value("datasetNote", of: "trialRecords"))
    }
}

extension Journal {
    /// Sees to it that an experiment would go on with the data it was begun with, without recording anything.
    ///
    /// - Throws: As ``register(_:fresh:for:)`` would.
    public func requireSameData(_ experiment: ExperimentRegistration) throws {
        try read { db in
            guard let version = try Self.version(experiment.name, experiment.hash, db) else { return }
            try requireSameData(experiment, in: version, for: nil, db)
        }
    }

    /// Where no trial has begun and no other run is about to, other data does no harm.
    func requireSameData(
        _ experiment: ExperimentRegistration, in version: Int64, for run: Int64?, _ db: Database
    ) throws {
        guard let conflict = try DataConflict(of: experiment, in: version, db) else { return }
        let others = try liveness.unfinishedRuns(db).alive.filter { $0 != run }
        guard try others.isEmpty && !Self.isBegun(version, db) else { throw conflict.error(of: experiment) }
    }
}
