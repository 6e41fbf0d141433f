import ExperimentSpec
import JournalStore
import TrialKinds

/// What the journal has of an experiment version: its trials, and what tuning has chosen.
struct ExperimentRecords {
    /// By the trials' identities.
    let trials: [String: TrialRecord]
    private let choices: [TuningChoice]

    /// - Parameter version: nil where nothing is recorded yet, or all of it is to be replaced.
    init(of version: Int64?, in journal: Journal) throws {
        let records = try version.map { try journal.trials(of: $0) } ?? []
        trials = Dictionary(uniqueKeysWithValues: records.map { ($0.identity, $0) })
        choices = try version.map { try journal.tuningChoices(of: $0) } ?? []
    }

    /// The record of a trial that is completed; nil of others.
    func completed(_ trial: TrialDescription) -> TrialRecord? {
        trials[trial.id].flatMap { $0.status == .completed ? $0 : nil }
    }

    /// What plans may go by.
    func knowledge(_ kinds: TrialKinds) -> PlanKnowledge {
        PlanKnowledge(
            rankings: trials.compactMapValues { record in
                guard record.status == .completed else { return nil }
                return record.results?.values[kinds[record.kind].summary.ranking] ?? .nan
            }, choices: choices.map { ($0.problem, $0.optimizer, $0.replicate, $0.candidate) })
    }
}
