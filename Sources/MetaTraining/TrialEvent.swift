import Nouns
import TensorEngine

/// What a trial tells while it runs. A trial knows nothing of where this is kept or shown.
public enum TrialEvent: Sendable {
    /// Values of a metric at `firstStep`, `firstStep + stride`, ….
    case points(metric: Metric, firstStep: Int, stride: Int, values: [Double])
    /// The optimizee's parameters after this many steps.
    case snapshot(step: Int, tensors: [NamedTensor])
    /// Where the trial may go on from; points of later steps come again when it is resumed.
    case checkpoint(Checkpoint)
    /// More work is done, in steps of an optimizee.
    case advanced(steps: Double)
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
