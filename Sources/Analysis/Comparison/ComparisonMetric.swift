import Nouns

/// What optimizers are compared by: a result of trials.
public struct ComparisonMetric: Sendable, Hashable {
    public let metric: Metric
    /// Whether the larger of two values is the better one.
    public let higherIsBetter: Bool

    public init(_ metric: Metric, higherIsBetter: Bool = false) {
        self.metric = metric
        self.higherIsBetter = higherIsBetter
    }

    /// The result of a name, as the kinds of trials that are compared have it.
    public init(_ metric: Metric, of kinds: [TrialKindSummary]) {
        self.init(metric, higherIsBetter: kinds.contains { $0.isCompared && $0.higherIsBetter.contains(metric) })
    }

    public static let finalLoss = ComparisonMetric(.finalLoss)
    public static let bestLoss = ComparisonMetric(.bestLoss)
    public static let testLoss = ComparisonMetric(.testLoss)
    public static let accuracy = ComparisonMetric(.accuracy, higherIsBetter: true)

    /// Those that are told of every comparison.
    public static let common = [finalLoss, bestLoss, testLoss, accuracy]

    public var name: String { metric.rawValue }

    /// What stands for the value of a trial that diverged: it ranks below every finite one.
    public var worst: Double { higherIsBetter ? -.infinity : .infinity }

    /// Its name, to go on in a sentence: `test loss`.
    public var inWords: String {
        name.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }
}
