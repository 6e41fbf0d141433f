import ExperimentSpec
import Foundation
import MetaTraining
import Nouns
import Optimizers
import Problems
import Registry

/// A kind of trials: what specs ask for by its part of them, how that is run, and how the results are told.
///
/// A kind of one's own is a value of a type that conforms, and a place in the list that runs get (``TrialKinds``):
/// nothing else knows which kinds there are.
///
/// ```swift
/// struct FirstLoss: TrialKind {
///     let name: TrialKindName = "firstLoss"
///
///     func field(_ vocabulary: Vocabulary) -> Field? {
///         Field("firstLoss", .object(ObjectFormat([])), "The loss before and after one step.")
///     }
///
///     func trialCount(_ settings: ExperimentSettings) -> Double { 1 }
///
///     func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] {
///         guard settings.settings.values["firstLoss"] != nil else { return [] }
///         let rule = UpdateRuleSpec(kind: "sgd", settings: Settings(["learningRate": 0.1]))
///         return [
///             planner.add(
///                 TrialDescription(
///                     self, precision: .double, problem: settings.problem, called: planner.labelOfProblem(settings),
///                     optimizer: .rule(rule), content: rule.json, called: "none",
///                     seed: settings.seeds.evaluation(0), steps: 1))
///         ]
///     }
///
///     func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome {
///         try execution.optimize(context)
///     }
///
///     let summary = TrialKindSummary(
///         kind: "firstLoss", title: "First losses", isCompared: false, ranking: .finalLoss, curve: .loss)
/// }
/// ```
public protocol TrialKind: PlannedTrialKind {
    /// Runs a trial from its start, or from the state of its last checkpoint to the same bits. What it has to tell on the
    /// way, it tells as events of the context.
    ///
    /// - Throws: `CancellationError` where it was told to stop; `TrialFailure` where it cannot go on.
    func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome

    /// Why a trial cannot run on its problem, in words, told before any trial starts; nil where it can.
    func misfit(of trial: TrialDescription, with problem: Problem, _ registry: Registry) -> String?

    /// Why the optimizers of a trial cannot work on its problem, in words; if it isn't said, what they say themselves.
    ///
    /// - Parameter part: which they are of several; nil where the trial has one.
    func misfit(
        of optimizers: ParameterGroups, _ part: String?, in trial: TrialDescription, with problem: Problem,
        _ registry: Registry
    ) -> String?

    /// How much a trial has to do; its steps, if it isn't said.
    func work(of trial: TrialDescription, _ registry: Registry) -> TrialWork

    /// How its results are told.
    var summary: TrialKindSummary { get }
}

extension TrialKind {
    public func misfit(of trial: TrialDescription, with problem: Problem, _ registry: Registry) -> String? { nil }

    public func misfit(
        of optimizers: ParameterGroups, _ part: String?, in trial: TrialDescription, with problem: Problem,
        _ registry: Registry
    ) -> String? {
        optimizers.misfit(with: problem)
    }

    public func work(of trial: TrialDescription, _ registry: Registry) -> TrialWork { TrialWork(steps: trial.steps) }
}

extension PlannedTrialKind where Self: TrialKind {
    public func activity(_ what: String) -> String { "\(summary.title.lowercased()) of \(what)" }
}

/// What a trial came to, without its time.
public struct TrialOutcome: Sendable {
    /// Numbers by name.
    public var values: [Metric: Double]
    /// What it learned, where it learned an optimizer.
    public var learned: LearnedOptimizerRecord?
    /// What a reader should know of it, in sentences.
    public var note: String?

    public init(values: [Metric: Double], learned: LearnedOptimizerRecord? = nil, note: String? = nil) {
        self.values = values
        self.learned = learned
        self.note = note
    }
}
