import Nouns

/// How far a trial has come.
public enum TrialStatus: String, Sendable, CaseIterable {
    case queued, running, completed, interrupted, failed
}

/// An experiment to record: a name, and the spec after overrides.
public struct ExperimentRegistration: Sendable {
    public var name: String
    /// The hash of the canonical spec, in lower-case hexadecimal: with the name, the identity of a version.
    public var hash: String
    public var spec: String
    public var canonicalSpec: String
    public var question: String?
    public var trials: [TrialRegistration]

    public init(
        name: String, hash: String, spec: String, canonicalSpec: String, question: String? = nil,
        trials: [TrialRegistration]
    ) {
        self.name = name
        self.hash = hash
        self.spec = spec
        self.canonicalSpec = canonicalSpec
        self.question = question
        self.trials = trials
    }
}

/// A trial as the spec expands to it, before it runs.
public struct TrialRegistration: Sendable {
    /// A hash of all that decides the trial's results and of what it is called; unique within the experiment version.
    public var identity: String
    public var kind: TrialKindName
    /// The problem's label, and all its settings as JSON.
    public var problem: String
    public var problemSettings: String
    /// The optimizer's label, and all its settings as JSON.
    public var optimizer: String
    public var optimizerSettings: String
    /// Which of several replicates of meta-training it is, or has the optimizer of, from 1; nil where there is but one.
    public var replicate: Int?
    public var seed: Int
    public var steps: Int
    public var precision: String
    /// The data it is to use, as far as it is known; nil where there is none.
    public var dataset: DatasetRecord?
    /// How many seeds it stands for: more than 1 where the seed changes nothing.
    public var standsFor: Int
    /// What decides its results, by which they may be taken over; nil where not all of it is known.
    public var content: TrialContent?
    /// Its place in the experiment; nil for its place among those that it is registered with.
    public var position: Int?

    public init(
        identity: String, kind: TrialKindName, problem: String, problemSettings: String, optimizer: String,
        optimizerSettings: String, replicate: Int? = nil, seed: Int, steps: Int, precision: String = "single",
        dataset: DatasetRecord? = nil, standsFor: Int = 1, content: TrialContent? = nil, position: Int? = nil
    ) {
        self.identity = identity
        self.kind = kind
        self.problem = problem
        self.problemSettings = problemSettings
        self.optimizer = optimizer
        self.optimizerSettings = optimizerSettings
        self.replicate = replicate
        self.seed = seed
        self.steps = steps
        self.precision = precision
        self.dataset = dataset
        self.standsFor = standsFor
        self.content = content
        self.position = position
    }
}

/// The data a trial really used.
public struct DatasetRecord: Sendable, Equatable {
    public var name: String
    /// Where it came from: a folder, an address, a generator.
    public var origin: String
    public var checksum: String
    /// What a reader should know, such as that the data is not the official bytes.
    public var note: String?

    public init(name: String, origin: String, checksum: String, note: String? = nil) {
        self.name = name
        self.origin = origin
        self.checksum = checksum
        self.note = note
    }
}

/// What is known of a trial when it starts.
public struct TrialStart: Sendable {
    public var kernelTable: String
    public var dataset: DatasetRecord?
    /// The architecture drawn from the seed, as JSON.
    public var architecture: String?
    /// The optimizer's settings where they became known only now, such as a tuned learning rate.
    public var optimizerSettings: String?
    /// What a reader should know of it already.
    public var note: String?
    /// The hash of all that decides its results (``TrialContent``); nil where not all of that is known.
    public var content: String?

    public init(
        kernelTable: String, dataset: DatasetRecord? = nil, architecture: String? = nil,
        optimizerSettings: String? = nil, note: String? = nil, content: String? = nil
    ) {
        self.kernelTable = kernelTable
        self.dataset = dataset
        self.architecture = architecture
        self.optimizerSettings = optimizerSettings
        self.note = note
        self.content = content
    }
}

/// One candidate of a tuning sweep, and whether it was chosen.
public struct TuningChoice: Sendable, Equatable {
    public var problem: String
    public var optimizer: String
    /// Of several that were trained, which; nil where there is but one.
    public var replicate: Int?
    /// The candidate's settings, as JSON.
    public var candidate: String
    public var meanFinalLoss: Double
    public var trials: Int
    public var chosen: Bool

    public init(
        problem: String, optimizer: String, replicate: Int? = nil, candidate: String, meanFinalLoss: Double,
        trials: Int, chosen: Bool
    ) {
        self.problem = problem
        self.optimizer = optimizer
        self.replicate = replicate
        self.candidate = candidate
        self.meanFinalLoss = meanFinalLoss
        self.trials = trials
        self.chosen = chosen
    }
}
