/// A learned optimizer with its weights, as trials tell it and the journal keeps it.
public struct LearnedOptimizerRecord: Sendable, Equatable {
    public var name: String
    public var kind: String
    /// All its settings, as JSON.
    public var configuration: String
    public var evaluationLoss: Double?
    public var weights: [NamedTensor]

    public init(
        name: String, kind: String, configuration: String, evaluationLoss: Double?, weights: [NamedTensor]
    ) {
        self.name = name
        self.kind = kind
        self.configuration = configuration
        self.evaluationLoss = evaluationLoss
        self.weights = weights
    }
}
