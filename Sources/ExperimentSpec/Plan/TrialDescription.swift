import Formats
import Nouns

/// One trial: a problem, an optimizer, and a seed.
public struct TrialDescription: Sendable, Hashable, Identifiable {
    /// Its place in the plan; what it depends on stands before it.
    public private(set) var index = 0
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
    /// Which of several replicates of meta-training it is, or has the optimizer of, from 1; nil where there is but one.
    public let replicate: Int?
    public let seed: UInt64
    /// Steps of the optimizee: of the whole trial, or of one epoch of meta-training.
    public let steps: Int
    /// What else decides the trial's outcome, as its kind has it.
    public let details: Settings
    /// How many repeats it stands for: more than 1 where the seed changes nothing.
    public let standsFor: Int
    /// What it does, for a person who waits: `tuning adam on two-layers`.
    public let activity: String

    /// - Parameters:
    ///   - optimizerContent: what decides the optimizer's behaviour, as far as the spec tells it.
    ///   - details: fields of names that no other part of the trial's identity has (`identityText`).
    public init(
        _ kind: some PlannedTrialKind, precision: ExperimentSettings.Precision, problem: ProblemSpec,
        called problemLabel: String, optimizer: TrialOptimizer, content optimizerContent: JSONValue,
        called optimizerLabel: String, replicate: Int? = nil, seed: UInt64, steps: Int,
        details: [String: JSONValue] = [:], standsFor: Int = 1
    ) {
        self.kind = kind.name
        self.precision = precision
        self.problem = problem
        self.problemLabel = problemLabel
        self.optimizer = optimizer
        self.optimizerLabel = optimizerLabel
        self.replicate = replicate
        self.seed = seed
        self.steps = steps
        self.details = Settings(details)
        self.standsFor = standsFor
        activity = kind.activity("\(optimizerLabel)\(replicate.map { "/\($0)" } ?? "") on \(problemLabel)")
        var content: [String: JSONValue] = [
            "kind": .string(kind.name.rawValue), "precision": .string(precision.rawValue),
            "problem": problem.json, "problemLabel": .string(problemLabel),
            "optimizer": optimizerContent, "optimizerLabel": .string(optimizerLabel),
            "seed": .integer(Int(seed)), "steps": .integer(steps),
        ]
        // Told only where there are several, so that what was recorded before there could be keeps its identity.
        content["replicate"] = replicate.map { .integer($0) }
        identityText = JSONValue.object(content.merging(details) { $1 }).canonicalText
        id = sha256(identityText)
    }

    /// What generated data is made from: the seed of the spec, so that all its trials see the same data.
    public var dataSeed: UInt64 { TrialSeeds.specSeed(ofTrial: seed) }

    /// The same in its place in the plan.
    func at(_ index: Int) -> TrialDescription {
        var trial = self
        trial.index = index
        return trial
    }

    /// The trials whose outcomes it needs.
    public var dependencies: [String] { optimizer.dependencies }
}

/// The optimizer of a trial.
public indirect enum TrialOptimizer: Sendable, Hashable {
    /// The one that this trial learns.
    case learned(MetaTrainingSpec, Generation)
    /// The one that the trial of this identity learned.
    case trained(by: String)
    /// A learned one from the journal, by `NAME` or `NAME@HASH`.
    case stored(name: String)
    /// A learned one with some settings other than those that it was learned with.
    case adjusted(TrialOptimizer, Settings)
    /// A hand-designed rule.
    case rule(UpdateRuleSpec)
    /// The best candidate of a group, by the tuning trials that come before.
    case tuned(TuningGroup)
    /// Rules and stored ones by the names of their parts in the trial.
    case several([String: TrialOptimizer])

    /// Learned optimizers that it takes from the journal, by the names that the spec has for them.
    package var storedNames: [String] {
        switch self {
        case .stored(let name): [name]
        case .learned(let spec, _): spec.storedNames
        case .several(let parts): parts.values.flatMap(\.storedNames)
        case .adjusted(let learned, _): learned.storedNames
        case .tuned(let group): group.candidates.first?.optimizer.storedNames ?? []
        case .trained, .rule: []
        }
    }

    /// The trials whose outcomes are needed to know it.
    fileprivate var dependencies: [String] {
        switch self {
        case .trained(let trial): [trial]
        case .adjusted(let learned, _): learned.dependencies
        case .tuned(let group): group.candidates.flatMap(\.trials)
        case .learned(_, let generation): [generation.teacher].compactMap(\.self)
        case .rule, .stored, .several: []
        }
    }

    /// Whether it is not known yet which candidates there are to choose from.
    public var isOpen: Bool {
        if case .tuned(let group) = self { group.isOpen } else { false }
    }

    /// Whether the trial learns it.
    public var isLearned: Bool {
        if case .learned = self { true } else { false }
    }
}

/// One of the optimizers that a meta-training makes one after the other.
public struct Generation: Sendable, Hashable {
    /// 1 for the first.
    public let number: Int
    /// The identity of the trial that learned the one before, which changes this one's meta-parameters; `nil` for the
    /// first.
    public let teacher: String?

    public init(number: Int, teacher: String?) {
        self.number = number
        self.teacher = teacher
    }
}

/// The candidates among which tuning chooses for one optimizer on one problem.
public struct TuningGroup: Sendable, Hashable {
    public struct Candidate: Sendable, Hashable {
        public let optimizer: TrialOptimizer
        /// Its kind and settings, as the spec has them.
        public let json: JSONValue
        /// The tuned settings alone: `learningRate 0.1`.
        public let label: String
        /// The identities of its tuning trials.
        public let trials: [String]

        public init(_ optimizer: TrialOptimizer, _ json: JSONValue, label: String, trials: [String]) {
            self.optimizer = optimizer
            self.json = json
            self.label = label
            self.trials = trials
        }

        /// The mean over its trials.
        ///
        /// - Parameter loss: of a trial, by its identity; nil where it is not known.
        /// - Returns: nil where not all are known.
        public func meanFinalLoss(_ loss: (String) -> Double?) -> Double? {
            let losses = trials.compactMap(loss)
            return losses.count == trials.count ? losses.reduce(0, +) / Double(losses.count) : nil
        }
    }

    public let candidates: [Candidate]
    /// Settings whose lists may grow yet, and how often at most; empty once it is settled what is to be tried.
    public let growing: [String: Int]

    public init(candidates: [Candidate], growing: [String: Int] = [:]) {
        self.candidates = candidates
        self.growing = growing
    }

    /// Whether there may be further candidates, which depends on what these come to.
    public var isOpen: Bool { !growing.isEmpty }

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
