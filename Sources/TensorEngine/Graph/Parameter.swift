/// A named tensor that something is learned in: a weight matrix of an optimizee, a meta-parameter of an optimizer.
public struct Parameter: Hashable, Sendable {
    /// A path such as `dense1/weight`.
    public let name: String
    public let shape: Shape

    public init(_ name: String, _ shape: Shape) {
        self.name = name
        self.shape = shape
    }
}

extension Array where Element == Parameter {
    /// How many elements all of them have together.
    public var elementCount: Int { reduce(0) { $0 + $1.shape.count } }

    /// Where each begins when they lie one after the other.
    public var offsets: [Int] {
        var total = 0
        return map { parameter in
            defer { total += parameter.shape.count }
            return total
        }
    }
}
