/// The sizes of a tensor's dimensions, outermost first. A scalar has none.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    public let sizes: [Int]

    /// Traps if a size is negative.
    public init(_ sizes: [Int]) {
        precondition(sizes.allSatisfy { $0 >= 0 }, "a shape has no negative sizes: \(sizes)")
        self.sizes = sizes
    }

    public init(arrayLiteral sizes: Int...) {
        self.init(sizes)
    }

    public static let scalar = Shape([])

    public var rank: Int { sizes.count }

    /// How many elements a tensor of this shape has.
    public var count: Int { sizes.reduce(1, *) }

    public subscript(axis: Int) -> Int { sizes[axis] }

    public var description: String { sizes.description }

    /// The distances in memory between neighbours along each dimension, when elements lie row by row without gaps.
    var contiguousStrides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * sizes[axis + 1]
        }
        return strides
    }

    /// The shape with the given axes reduced to size 1.
    func reducing(_ axes: [Int]) -> Shape {
        var reduced = sizes
        for axis in axes { reduced[axis] = 1 }
        return Shape(reduced)
    }

    /// The shape that two tensors take together: ranks are aligned at the end, and a size of 1 stretches.
    /// Nil where they don't fit.
    static func broadcasting(_ first: Shape, _ second: Shape) -> Shape? {
        let rank = max(first.rank, second.rank)
        let a = [Int](repeating: 1, count: rank - first.rank) + first.sizes
        let b = [Int](repeating: 1, count: rank - second.rank) + second.sizes
        var sizes: [Int] = []
        for (x, y) in zip(a, b) {
            guard x == y || x == 1 || y == 1 else { return nil }
            sizes.append(x == 1 ? y : x)
        }
        return Shape(sizes)
    }
}
