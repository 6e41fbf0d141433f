/// What is asked of a comparison.
public struct ComparisonCriteria: Sendable, Equatable {
    /// What the optimizers are compared by.
    public var metric: ComparisonMetric
    /// The optimizers against which all others are tested; empty where every pair is.
    public var against: [String]
    /// What the optimizers are to reach; nil where that is not asked.
    public var target: Target?
    /// The field by whose values trials are grouped; nil where that is not asked.
    public var field: String?

    /// Compares by the final loss and tests every pair, unless told otherwise.
    public init(
        metric: ComparisonMetric = .finalLoss, against: [String] = [], target: Target? = nil, field: String? = nil
    ) {
        self.metric = metric
        self.against = against
        self.target = target
        self.field = field
    }

    /// Whether these two are tested.
    func tests(_ a: String, _ b: String) -> Bool { against.isEmpty || against.contains(a) || against.contains(b) }
}
