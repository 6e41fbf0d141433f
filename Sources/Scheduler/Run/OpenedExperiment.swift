import ExperimentSpec
import JournalStore

/// An experiment that is recorded, and what its trials need to be run.
public struct OpenedExperiment: Sendable {
    /// Its trials, as far as they are known by what the journal has.
    let plan: ExperimentPlan
    public let registered: RegisteredExperiment
    /// What the journal has of it.
    let records: ExperimentRecords
    /// The learned optimizers of other experiments, by the names that the spec has for them.
    let stored: [String: StoredOptimizer]
    let contents: TrialContents
    let needed: [NeededTrial]

    /// Whether a trial has come to its end.
    public func isCompleted(_ trial: TrialDescription) -> Bool { records.completed(trial) != nil }

    /// What the trials take from other experiments: the trials that learned the optimizers.
    public var borrowed: MergeSelection {
        var selection = MergeSelection()
        for optimizer in stored.values {
            selection.add([optimizer.trial.identity], of: optimizer.experiment.name, optimizer.experiment.hash)
        }
        return selection
    }
}
