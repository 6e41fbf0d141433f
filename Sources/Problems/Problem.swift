import Datasets
import Nouns
import TensorEngine

/// Something to be optimized: what is minimized, the data that it takes, what can be told of its parameters one by one,
/// and which hyperparameters it has.
///
/// Everything random about it (initial parameters, minibatches, targets) follows from the key of the trial, so two
/// optimizers with one key see the same problem.
public struct Problem: Sendable {
    public let objective: any Objective
    public let data: any DataSource
    /// Nil where nothing can be told.
    public let observable: (any LocallyObservable)?
    /// Nil where nothing can be tuned beside the weights.
    public let tunable: (any SelfTunable)?

    public init(
        _ objective: any Objective, _ data: any DataSource, observable: (any LocallyObservable)? = nil,
        tunable: (any SelfTunable)? = nil
    ) {
        self.objective = objective
        self.data = data
        self.observable = observable
        self.tunable = tunable
    }

    /// A function of its parameters alone.
    public init(_ function: any FunctionObjective) {
        self.init(function, NoData())
    }

    /// An objective that has its data with it.
    public init<Whole: Objective & DataSource>(_ whole: Whole) {
        self.init(whole, whole)
    }

    public var parameters: [Parameter] { objective.parameters }

    /// What can be told of parameters one by one.
    public var localFeatures: [LocalFeature] { observable?.localFeatures ?? [] }
}

/// Problems of one kind, of which each trial draws one: the same each time, or a student of random architecture.
///
/// ``FixedProblem`` is the family of one problem. Of a family that draws, each trial compiles its own:
///
///     struct Bowls: ProblemFamily {
///         func problem(_ key: RandomKey) -> Problem {
///             var stream = RandomStream(key.derived("dimensions"))
///             return Problem(Bowl(dimensions: 1 + stream.index(below: 10)))
///         }
///     }
public protocol ProblemFamily: Sendable {
    /// The problem of a trial. Equal keys give equal problems.
    func problem(_ key: RandomKey) -> Problem

    /// Whether any of its problems serves in place of every other, given the other's key: they differ only in what they
    /// draw of the keys that they are handed.
    var isUniform: Bool { get }

    /// Why the problems cannot be made of the data at hand, in words: what was found, and what is allowed. Nil where they
    /// can; if not, no problem is asked for.
    var misfit: String? { get }

    /// What is to be recorded of a trial's problem; nothing, if it isn't said.
    ///
    /// - Parameters:
    ///   - key: the trial's.
    ///   - isDrawnAgain: whether the trial draws problems again and again, as meta-training does.
    func record(_ key: RandomKey, isDrawnAgain: Bool) -> ProblemRecord
}

extension ProblemFamily {
    public var isUniform: Bool { false }
    public var misfit: String? { nil }
    public func record(_ key: RandomKey, isDrawnAgain: Bool) -> ProblemRecord { ProblemRecord() }
}

/// What a reader of results is told of a problem.
public struct ProblemRecord: Sendable {
    /// Those that are learned.
    public var datasets: [Dataset]
    /// The network; nil where there is none, or new ones are drawn all the time.
    public var architecture: JSONValue?

    public init(datasets: [Dataset] = [], architecture: JSONValue? = nil) {
        self.datasets = datasets
        self.architecture = architecture
    }
}
