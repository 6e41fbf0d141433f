import Foundation
import TensorEngine

/// What a trial tells while it runs. A trial knows nothing of where this is kept or shown.
public enum TrialEvent: Sendable {
    /// Values of a metric at `firstStep`, `firstStep + stride`, ….
    case points(metric: Metric, firstStep: Int, stride: Int, values: [Double])
    /// The optimizee's parameters after this many steps.
    case snapshot(step: Int, tensors: [NamedTensor])
    /// All that is needed to go on from here to the same final bits. `step` counts meta-steps done; points of later
    /// meta-steps come again when the trial is resumed.
    case checkpoint(step: Int, state: Data)
    /// More work is done, in steps of an optimizee.
    case advanced(steps: Double)
}

/// What is measured during a trial.
public enum Metric: String, Sendable, CaseIterable {
    /// The optimizee's loss at each step.
    case loss
    /// The sum of the optimizee's losses over an unroll, one point a meta-step.
    case metaLoss
    /// The mean final loss over the evaluation epochs of meta-training, at the epoch after which it was taken.
    case evaluationLoss
    /// Seconds of one meta-step: a time, not a result.
    case metaStepSeconds
    /// How much of the variance of a guide's changes a network that imitates it explains (R²), on pairs that it did not
    /// learn from, at the epoch after which it was taken.
    case determination
    /// The median and the largest absolute error of the same, relative to the root mean square of the changes.
    case medianError
    case maximumError
    /// The shares of the same errors below 10^-4, then in steps of a quarter power of ten, and above 10^2.
    case errorHistogram
    /// The share of the test split that is answered correctly, after the last step.
    case accuracy

    /// Whether it measures time, which no two runs have alike.
    public var isTiming: Bool { self == .metaStepSeconds }
}

/// A tensor's elements as raw little-endian floating-point numbers.
public struct NamedTensor: Sendable, Hashable {
    public let name: String
    public let shape: [Int]
    /// `float32` or `float64`.
    public let elementType: String
    public let bytes: Data

    public init(name: String, shape: [Int], elementType: String, bytes: Data) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.bytes = bytes
    }
}

/// What a trial is given to run with.
public struct TrialContext: Sendable {
    /// Threads that may help with the trial's pieces.
    public let executor: any PieceExecutor
    /// Whether the trial shall stop; asked between steps.
    public let isCancelled: @Sendable () -> Bool
    public let emit: @Sendable (TrialEvent) -> Void
    /// Seconds on a clock that only goes forward.
    public let now: @Sendable () -> Double

    public init(
        executor: any PieceExecutor, isCancelled: @escaping @Sendable () -> Bool = { false },
        emit: @escaping @Sendable (TrialEvent) -> Void = { _ in }, now: @escaping @Sendable () -> Double
    ) {
        self.executor = executor
        self.isCancelled = isCancelled
        self.emit = emit
        self.now = now
    }

    /// Throws `CancellationError` where the trial shall stop.
    func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
    }
}

/// A trial whose computation cannot go on, with the reason in words.
public struct TrialFailure: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
