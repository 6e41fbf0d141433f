import ExperimentSpec
import Nouns
import Registry

/// How much a trial has to do, and how one sees how far it is.
public struct TrialWork: Sendable {
    /// What the journal records as its steps: those of optimizees that it trains or evaluates on.
    public var steps: Int
    /// All of it in steps of optimizees, each as often as it is taken.
    public var total: Double
    /// The part of the total that is done at a checkpoint, by the checkpoint's step.
    public var done: @Sendable (_ checkpoint: Int) -> Double
    /// The curve whose last value tells people how it goes, and what they are told of a value.
    public var curve: Metric
    public var shown: @Sendable (Double) -> Double

    /// The work of some steps, each taken once, with a curve of losses.
    public init(
        steps: Int, total: Double? = nil, done: @escaping @Sendable (_ checkpoint: Int) -> Double = { _ in 0 },
        curve: Metric = .loss, shown: @escaping @Sendable (Double) -> Double = { $0 }
    ) {
        self.steps = steps
        self.total = total ?? Double(steps)
        self.done = done
        self.curve = curve
        self.shown = shown
    }
}

extension TrialKinds {
    /// The work of a planned trial.
    public func work(of trial: TrialDescription, _ registry: Registry) -> TrialWork {
        self[trial.kind].work(of: trial, registry)
    }
}
