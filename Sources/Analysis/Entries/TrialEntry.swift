import JournalStore
import Nouns

/// A trial as a notebook has it.
public struct TrialEntry: Sendable {
    /// One of its curves.
    public struct Curve: Sendable {
        public let metric: Metric
        public let steps: [Int]
        public let values: [Double]
    }

    public let trial: TrialRecord
    public let experiment: ExperimentRecord
    /// How trials of its kind are told; nil of a kind that this program doesn't know.
    public let kind: TrialKindSummary?
    /// The version of the program that computed it; nil where it has not begun.
    public let programVersion: String?
    /// Of the kind's curve first, then in alphabetical order; times left out.
    public let curves: [Curve]
    /// The step of the checkpoint from which it can go on; nil where it has none.
    public let checkpoint: Int?
    /// The steps at which tensors were kept.
    public let snapshots: [Int]
    public let learned: LearnedOptimizerRecord?
    /// The trial whose results it has, with its version; nil where they were computed for it, or that is gone.
    public let source: (trial: TrialRecord, experiment: ExperimentRecord)?
    /// The notes on it, oldest first.
    public let notes: [EntryNote]

    /// - Parameter kinds: How the results of each kind of trials are told.
    /// - Throws: ``JournalError`` where the journal cannot be read.
    public init(
        _ trial: TrialRecord, of experiment: ExperimentRecord, in journal: Journal, kinds: [TrialKindSummary]
    ) throws {
        self.trial = trial
        self.experiment = experiment
        let kind = kinds.first { $0.kind == trial.kind }
        self.kind = kind
        programVersion = try journal.programVersions(of: experiment.id)[trial.id]
        let metrics = try journal.metrics(of: trial.id).filter { !$0.isTiming }
        let ordered = metrics.filter { $0 == kind?.curve } + metrics.filter { $0 != kind?.curve }
        curves = try ordered.map { metric in
            let points = try journal.points(trial: trial.id, metric: metric)
            return Curve(metric: metric, steps: points.steps, values: points.values)
        }
        checkpoint = try journal.checkpointSteps(of: experiment.id)[trial.id]
        snapshots = try journal.snapshotSteps(of: trial.id)
        learned = try journal.learnedOptimizer(trainedBy: trial.id)
        if let source = trial.takenFrom, let other = try? journal.trial(source) {
            self.source = (other, try journal.experiment(other.experiment))
        } else {
            source = nil
        }
        notes = try EntryNote.all(of: experiment.name, in: journal).filter { $0.trial == trial.id }
    }
}
