import JournalStore
import Nouns

/// A value that optimizers are to reach, and how it is read off their curves.
///
/// The loss of one minibatch touches a target by luck, so a running mean over the last points has to reach it. At a
/// curve's beginning the mean is over as many points as there are.
public struct Target: Sendable, Hashable {
    /// The value that is to be reached.
    public var value: Double
    /// The metric whose curve is to reach it.
    public var metric: ComparisonMetric
    /// Over how many recorded points the running mean goes; 1 for the curve as it is.
    public var window: Int

    /// So many points, unless told otherwise.
    public static let usualWindow = 10

    /// A target of this value.
    ///
    /// - Parameter window: at least 1.
    public init(_ value: Double, of metric: ComparisonMetric = ComparisonMetric(.loss), window: Int = usualWindow) {
        precondition(window >= 1, "a running mean needs points")
        self.value = value
        self.metric = metric
        self.window = window
    }

    /// The position of the first point at which the running mean is at the target or beyond; nil where it never is.
    ///
    /// A mean over a point that is not finite is at no target.
    public func firstReached(by curve: [Double]) -> Int? {
        var sum = 0.0
        for index in curve.indices {
            // The sum is taken anew for each stretch of a window's length, so that rounding does not pile up.
            if index % window == 0 || !sum.isFinite {
                sum = curve[max(0, index - window + 1)...index].reduce(0, +)
            } else {
                sum += curve[index] - (index >= window ? curve[index - window] : 0)
            }
            let mean = sum / Double(min(window, index + 1))
            guard mean.isFinite else { continue }
            if metric.higherIsBetter ? mean >= value : mean <= value { return index }
        }
        return nil
    }
}

/// When a trial reached a target, if it did.
public struct TargetReach: Sendable, Equatable {
    /// The step; nil where it never did, however long it ran.
    public let step: Int?
    /// After how many seconds: the trial's, times the step's share of its steps. Nil where it never did, and NaN where
    /// the journal does not know how long the trial took.
    public let seconds: Double?

    /// Reached at this step, or not at all.
    public init(step: Int?, seconds: Double? = nil) {
        self.step = step
        self.seconds = step == nil ? nil : seconds ?? .nan
    }

    /// When a recorded curve reached a target.
    ///
    /// - Parameters:
    ///   - steps: how many steps the trial took.
    ///   - seconds: how long it took.
    public init(_ target: Target, by curve: RecordedCurve, steps: Int, seconds: Double) {
        let step = target.firstReached(by: curve.values).map(curve.step)
        self.init(step: step, seconds: step.map { steps > 0 ? seconds * Double($0) / Double(steps) : 0 })
    }
}
