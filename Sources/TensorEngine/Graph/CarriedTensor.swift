/// A tensor that goes from step to step and isn't trained: what an objective carries, such as running statistics, or what
/// an optimizer remembers.
public struct CarriedTensor: Hashable, Sendable {
    /// A path such as `conv1/runningMean`.
    public let name: String
    public let shape: Shape
    /// What all its elements are before the first step.
    public let initial: Double

    public init(_ name: String, _ shape: Shape, initial: Double = 0) {
        self.name = name
        self.shape = shape
        self.initial = initial
    }

    /// Writes the elements before the first step.
    public func initialize<Scalar: TensorScalar>(_ elements: UnsafeMutablePointer<Scalar>) {
        elements.update(repeating: Scalar(initial), count: shape.count)
    }
}

extension Array where Element == CarriedTensor {
    /// How many elements all of them have together.
    public var elementCount: Int { reduce(0) { $0 + $1.shape.count } }

    /// Where each begins when they lie one after the other.
    public var offsets: [Int] { map(\.shape).offsets }
}
