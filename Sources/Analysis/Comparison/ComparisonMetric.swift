/// What optimizers are compared by: a result that every trial may have.
public enum ComparisonMetric: String, Sendable, CaseIterable {
    /// The loss after the last step.
    case finalLoss
    /// The lowest loss of any step.
    case bestLoss
    /// The loss on the test split.
    case testLoss
    /// The share of the test split that is classified correctly.
    case accuracy

    /// Whether the larger of two values is the better one.
    public var higherIsBetter: Bool { self == .accuracy }

    /// What stands for the value of a trial that diverged: it ranks below every finite one.
    public var worst: Double { higherIsBetter ? -.infinity : .infinity }

    /// Its name, to go on in a sentence: `test loss`.
    public var inWords: String {
        switch self {
        case .finalLoss: "final loss"
        case .bestLoss: "best loss"
        case .testLoss: "test loss"
        case .accuracy: "accuracy"
        }
    }
}

/// What is asked of a comparison.
public struct ComparisonCriteria: Sendable, Equatable {
    /// What the optimizers are compared by.
    public var metric: ComparisonMetric
    /// The optimizers against which all others are tested; empty where every pair is.
    public var against: [String]

    /// Compares by the final loss and tests every pair, unless told otherwise.
    public init(metric: ComparisonMetric = .finalLoss, against: [String] = []) {
        self.metric = metric
        self.against = against
    }

    /// Whether these two are tested.
    func tests(_ a: String, _ b: String) -> Bool { against.isEmpty || against.contains(a) || against.contains(b) }
}
