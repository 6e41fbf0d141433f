import Nouns

/// What a person asks of a comparison of experiments in a journal.
public struct ComparisonRequest: Sendable {
    /// The one problem to compare on; nil for all.
    public var problem: String?
    /// What to compare by, and whose curve is to reach the target, as far as trials have it; nil for the final loss or,
    /// of trials that have none, what ranks their kind.
    public var metric: Metric?
    /// The optimizers against which all others are tested; empty for every pair.
    public var against: [String]
    /// The value that optimizers are to reach; nil where that is not asked.
    public var target: Double?
    /// Over how many points the mean goes that is to reach it.
    public var window: Int
    /// The recorded field by whose values trials are grouped; nil for none.
    public var field: String?

    /// The comparison of all by the usual, unless told otherwise.
    public init(
        problem: String? = nil, metric: Metric? = nil, against: [String] = [], target: Double? = nil,
        window: Int = Target.usualWindow, field: String? = nil
    ) {
        self.problem = problem
        self.metric = metric
        self.against = against
        self.target = target
        self.window = window
        self.field = field
    }
}

/// One of several experiments that are compared.
public struct ComparedExperiment: Sendable, Equatable {
    /// What it is called among them: its name, with the version's hash where several versions are compared.
    public let label: String
    /// Its name.
    public let name: String
    /// The hash of its version, in short.
    public let version: String
    /// The question that it asks, in its author's words.
    public let question: String?
    /// How many steps its completed trials took, in ascending order, each number once.
    public let steps: [Int]

    /// An experiment of these.
    public init(label: String, name: String, version: String, question: String? = nil, steps: [Int] = []) {
        self.steps = steps
        self.label = label
        self.name = name
        self.version = version
        self.question = question
    }
}
