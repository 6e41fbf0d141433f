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
