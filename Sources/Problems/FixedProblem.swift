import TensorEngine

/// The same problem for every trial, up to what the trial's key draws within it.
public struct FixedProblem: ProblemFamily {
    private let value: any Problem

    public init(_ value: any Problem) {
        self.value = value
    }

    public func problem(_ key: RandomKey) -> any Problem { value }

    public var isUniform: Bool { true }
}
