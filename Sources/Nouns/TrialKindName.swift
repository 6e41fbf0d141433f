/// The name of a kind of trials, the same everywhere: in plans, in the journal, in what decides a trial's results.
public struct TrialKindName: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral name: String) { rawValue = name }

    public var description: String { rawValue }
}

/// How the results of a kind of trials are told.
public struct TrialKindSummary: Sendable, Hashable {
    public let kind: TrialKindName
    /// What its trials are, to begin a sentence: `Meta-training`.
    public let title: String
    /// Whether optimizers are compared by its trials; those of the other kinds prepare for them.
    public let isCompared: Bool
    /// The number by which one of its trials is better than another: the lower.
    public let ranking: Metric
    /// The metric whose curve is drawn.
    public let curve: Metric
    /// The results of which the larger is the better one.
    public let higherIsBetter: Set<Metric>

    public init(
        kind: TrialKindName, title: String, isCompared: Bool, ranking: Metric, curve: Metric,
        higherIsBetter: Set<Metric> = [.accuracy]
    ) {
        self.kind = kind
        self.title = title
        self.isCompared = isCompared
        self.ranking = ranking
        self.curve = curve
        self.higherIsBetter = higherIsBetter
    }
}
