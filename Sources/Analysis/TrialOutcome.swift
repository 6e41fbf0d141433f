/// What one finished evaluation trial came to.
public struct TrialOutcome: Sendable, Equatable {
    /// The problem's name.
    public var problem: String
    /// The optimizer's name.
    public var optimizer: String
    /// The trial's seed; trials of a problem with the same seed are a pair.
    public var seed: Int
    /// The loss after the last step; NaN or infinite where the trial diverged.
    public var finalLoss: Double
    /// The loss on the test split, where there is one.
    public var testLoss: Double?
    /// The share of the test split that is classified correctly, where there is one.
    public var accuracy: Double?
    /// The loss at each step.
    public var curve: [Double]
    /// The network that was trained; nil where the problem is none.
    public var architecture: StudentArchitecture?

    /// An outcome of these values.
    public init(
        problem: String, optimizer: String, seed: Int, finalLoss: Double, testLoss: Double? = nil,
        accuracy: Double? = nil, curve: [Double] = [], architecture: StudentArchitecture? = nil
    ) {
        self.problem = problem
        self.optimizer = optimizer
        self.seed = seed
        self.finalLoss = finalLoss
        self.testLoss = testLoss
        self.accuracy = accuracy
        self.curve = curve
        self.architecture = architecture
    }
}
