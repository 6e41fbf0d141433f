import TensorEngine

/// The same problem for every trial, up to what the trial's key draws within it.
public struct FixedProblem: ProblemFamily {
    private let value: Problem

    public init(_ value: Problem) {
        self.value = value
    }

    /// A function of its parameters alone.
    public init(_ function: any FunctionObjective) {
        self.init(Problem(function))
    }

    /// An objective that has its data with it.
    public init<Whole: Objective & DataSource>(_ whole: Whole) {
        self.init(Problem(whole))
    }

    public func problem(_ key: RandomKey) -> Problem { value }

    public var isUniform: Bool { true }
}
