import ExperimentSpec
import Formats
import JournalStore
import Nouns
import Problems
import Registry

/// Sees to it that a learned optimizer of the journal is used with the data that it was learned on, where the two specs
/// ask for the same.
///
/// An optimizer may well be learned on one dataset and compared on another; that is what the specs then say. But where
/// both say `mnist`, and one of them had something else in its place, the comparison is not what it seems.
struct StoredData {
    let stored: [String: StoredOptimizer]
    let datasets: TrialDatasets

    /// - Throws: ``JournalError`` of kind `badData` that names both data and the ways on.
    func check(_ trials: some Sequence<TrialDescription>) throws {
        var used: [DatasetSpec: DatasetRecord] = [:]
        var seeds: Set<UInt64> = []
        for trial in trials {
            seeds.insert(trial.dataSeed)
            for spec in datasets.specs(of: trial) where used[spec] == nil {
                used[spec] = datasets.shelf.dataset(of: spec, seed: trial.dataSeed).map(DatasetRecord.init)
            }
        }
        for (name, optimizer) in stored.sorted(by: { $0.key < $1.key }) {
            try check(optimizer, called: name, used)
        }
    }

    private func check(
        _ optimizer: StoredOptimizer, called name: String, _ used: [DatasetSpec: DatasetRecord]
    ) throws {
        // Of several datasets the journal has one record; then there is nothing to hold against each other.
        guard let recorded = optimizer.trial.dataset,
            let settings = JSONValue(parsing: optimizer.trial.problemSettings)?["dataset"]?.object,
            let learnedOn = settings["name"]?.string
        else { return }
        // Files of one's own have no name that means the same in two specs.
        let asked = DatasetSpec(settings: Settings(settings)).resolved(for: .metaTraining, in: datasets.folder)
        for (spec, now) in used where spec.isSameData(as: asked) {
            guard recorded.checksum != now.checksum, !Self.areGenerated(recorded, now) else { continue }
            throw JournalError(
                .badData,
                """
                The learned optimizer \(name) (\(optimizer.shortReference)) was learned on other data than \
                \(learnedOn) is now.
                  learned on: \(recorded.name), \(recorded.origin), with the checksum \(recorded.checksum)
                  now: \(now.name), \(now.origin), with the checksum \(now.checksum)
                Either give the data that it was learned on (--data-dir), or learn it again on the new data: journal \
                run its spec with --fresh.
                """)
        }
    }

    /// Two seeds of one generator are what two specs ask for.
    private static func areGenerated(_ recorded: DatasetRecord, _ now: DatasetRecord) -> Bool {
        func isGenerated(_ record: DatasetRecord) -> Bool { record.origin.hasPrefix("generated from seed") }
        return recorded.name == now.name && isGenerated(recorded) && isGenerated(now) && recorded.origin != now.origin
    }
}
