import Formats
import Nouns

/// One trial: a problem, an optimizer, and a seed.
public struct TrialDescription: Sendable, Hashable, Identifiable {
    /// Its place in the plan; what it depends on stands before it.
    public let index: Int
    /// SHA-256, in hexadecimal, of `identityText`.
    public let id: String
    /// All that decides the trial's outcome and what it is called, as canonical JSON.
    public let identityText: String
    public let kind: TrialKindName
    public let precision: ExperimentSettings.Precision
    public let problem: ProblemSpec
    public let problemLabel: String
    public let optimizer: TrialOptimizer
    public let optimizerLabel: String
    public let seed: UInt64
    /// Steps of the optimizee: of the whole trial, or of one epoch of meta-training.
    public let steps: Int
    /// In an evaluation, steps from one recording of the optimizee's parameters to the next; `nil` for the start and
    /// the end only.
    public let snapshotEvery: Int?
    /// How many repeats it stands for: more than 1 where the seed changes nothing.
    public let standsFor: Int

    /// The trials whose outcomes it needs.
    public var dependencies: [String] {
        switch optimizer {
        case .trained(let trial): [trial]
        case .tuned(let group): group.candidates.flatMap(\.trials)
        case .learned(_, let generation): [generation.teacher].compactMap(\.self)
        case .rule, .stored: []
        }
    }
}

/// The optimizer of a trial.
public enum TrialOptimizer: Sendable, Hashable {
    /// The one that this trial, a meta-training, learns.
    case learned(MetaTrainingSpec, Generation)
    /// The one that the meta-training trial of this identity learned.
    case trained(by: String)
    /// A learned one from the journal, by `NAME` or `NAME@HASH`.
    case stored(name: String)
    /// A hand-designed rule.
    case rule(UpdateRuleSpec)
    /// The best candidate of a group, by the tuning trials that come before.
    case tuned(TuningGroup)
}

/// One of the optimizers that a meta-training makes one after the other.
public struct Generation: Sendable, Hashable {
    /// 1 for the first.
    public let number: Int
    /// The identity of the trial that learned the one before, which changes this one's meta-parameters; `nil` for the
    /// first.
    public let teacher: String?
}

/// The candidates among which tuning chooses for one optimizer on one problem.
public struct TuningGroup: Sendable, Hashable {
    public struct Candidate: Sendable, Hashable {
        public let rule: UpdateRuleSpec
        /// The tuned settings alone: `learningRate 0.1`.
        public let label: String
        /// The identities of its tuning trials.
        public let trials: [String]
    }

    public let candidates: [Candidate]

    /// The index of the candidate with the lowest mean final loss; the first of those that tie.
    ///
    /// A candidate that diverged, so whose mean is not finite, is worse than any that did not.
    ///
    /// - Parameter meanFinalLosses: for each candidate, at least one.
    public static func chooseCandidate(meanFinalLosses: [Double]) -> Int {
        precondition(!meanFinalLosses.isEmpty, "there is nothing to choose from")
        let losses = meanFinalLosses.map { $0.isFinite ? $0 : .infinity }
        return losses.indices.min { losses[$0] < losses[$1] } ?? 0
    }
}
