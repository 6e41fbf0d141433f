import Formats
import Nouns

/// A kind of trials, as far as specs and plans know it.
public protocol PlannedTrialKind: Sendable {
    /// What the journal calls it. It is part of what its trials are known by.
    var name: TrialKindName { get }

    /// The part of a spec by which it is asked for, under its name in a spec; nil where other kinds ask for its trials.
    ///
    /// Checks, messages, schema and reference page follow from it. Its settings are
    /// ``ExperimentSettings/settings``, by the field's name.
    ///
    /// - Parameter vocabulary: what the part may name.
    func field(_ vocabulary: Vocabulary) -> Field?

    /// Whether its part of a spec is about the spec's `problem`; true, if it isn't said.
    var needsProblem: Bool { get }

    /// Finds what is wrong between the fields of a spec that are each right by themselves; nothing, if it isn't said.
    ///
    /// - Parameters:
    ///   - spec: the whole spec, at one point of its sweep.
    ///   - vocabulary: what it may name.
    func check(_ spec: CheckedObject, _ vocabulary: Vocabulary) -> [Slip]

    /// The optimizers of its trials at one point of a sweep, with all that may have to tell them apart from others of their
    /// name (``Planner/label(of:)``); none, if it isn't said, beside those of evaluations and meta-training.
    func namedOptimizers(_ settings: ExperimentSettings) -> [Named]

    /// How many trials ``plan(_:_:)`` has at most; a `Double`, as a spec may ask for more than an `Int` can count.
    func trialCount(_ settings: ExperimentSettings) -> Double

    /// Plans the trials that it is asked for at one point of a sweep, each by ``Planner/add(_:)``.
    ///
    /// - Returns: their identities, and those of the trials that it had to plan for them, in the order in which a person
    ///   would list them.
    func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String]

    /// What a trial does, for a person who waits.
    ///
    /// - Parameter what: optimizer and problem: `adam on two-layers`.
    func activity(_ what: String) -> String
}

extension PlannedTrialKind {
    public var needsProblem: Bool { true }
    public func namedOptimizers(_ settings: ExperimentSettings) -> [Named] { [] }

    public func check(_ spec: CheckedObject, _ vocabulary: Vocabulary) -> [Slip] { [] }
}
