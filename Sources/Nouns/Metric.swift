/// What is measured of a trial, on the way or when it is over, by its name, the same everywhere: in events, curves,
/// results, queries and charts.
///
/// Whoever measures something new gives it a name of its own: `Metric("curvature")`.
public struct Metric: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ name: String) { rawValue = name }
    public init(stringLiteral name: String) { rawValue = name }

    public var description: String { rawValue }

    /// Whether it measures time, which no two runs have alike, and so is no part of what must be equal bit for bit: its
    /// name says so.
    public var isTiming: Bool { rawValue.hasSuffix("Seconds") }
}

extension Metric {
    /// The optimizee's loss at each step.
    public static let loss: Metric = "loss"
    /// The sum of the optimizee's losses over an unroll, one point a meta-step.
    public static let metaLoss: Metric = "metaLoss"
    /// The mean final loss over the evaluation epochs of meta-training, at the epoch after which it was taken.
    public static let evaluationLoss: Metric = "evaluationLoss"
    /// Seconds of one meta-step, forward, backward and update of one unroll: a time, not a result.
    public static let metaStepSeconds: Metric = "metaStepSeconds"
    /// How much of the variance of a guide's changes a network that imitates it explains (R²), on pairs that it did not
    /// learn from, at the epoch after which it was taken.
    public static let determination: Metric = "determination"
    /// The median absolute error of the same, relative to the root mean square of the changes.
    public static let medianError: Metric = "medianError"
    /// The largest one.
    public static let maximumError: Metric = "maximumError"
    /// The shares of the same errors below 10^-4, then in steps of a quarter power of ten, and above 10^2.
    public static let errorHistogram: Metric = "errorHistogram"
    /// The share of the test split that is answered correctly, after the last step.
    public static let accuracy: Metric = "accuracy"
    /// The loss after the last step.
    public static let finalLoss: Metric = "finalLoss"
    /// The lowest loss of any step; of a meta-training, the loss of the evaluation whose optimizer it kept.
    public static let bestLoss: Metric = "bestLoss"
    /// How many times a student was left out of a meta-step, for a meta-loss or meta-gradient that was not finite.
    public static let leftOut: Metric = "leftOut"
    /// The loss on the test split, after the last step.
    public static let testLoss: Metric = "testLoss"
}
