import Analysis
import Nouns

/// What can be drawn of experiments.
public enum PlotKind: String, Sendable, CaseIterable {
    /// Every curve over its steps, with its mean over the runs.
    case curves
    /// Where optimizations of two parameters went, and functions that were learned.
    case trajectories
    /// The share of runs that have come to a target, step by step.
    case stepsToTarget = "steps-to-target"
    /// The share of runs whose result is at least as good as a value, over that value.
    case profile
    case histogram
    /// Results over the size of the students that the trials drew.
    case architectures
    /// Results less those of one optimizer on the same seed.
    case differences
    /// The settings that differ, and what they came to, as parallel coordinates.
    case sweep
}

/// How it is drawn.
public struct PlotOptions: Sendable {
    /// The curves or results to draw; empty for all curves, or for the result by which the trials are ranked.
    public var metrics: [Metric] = []
    /// Of the axis of values.
    public var scale: Chart.Axis.Scale = .automatic
    /// Over how many points curves are averaged; 1 for none.
    public var smoothing = 1
    /// The value that is sought.
    public var target: Double?
    /// The optimizer that others are held against; nil for the first.
    public var against: String?
    public var property = ArchitectureProperty.weights

    public init() {}
}
