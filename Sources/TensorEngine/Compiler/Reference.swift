/// How the elements of a value are found in memory: element `(i, j, …)` lies at
/// `offset + i·strides[0] + j·strides[1] + …` in the storage of a base value, which is one that has contiguous storage
/// and is no view of another. Slices, broadcasts, transpositions and reshapes cost nothing this way.
struct Reference: Hashable {
    /// An input, a node whose elements are computed, or a temporary that no node of the graph is.
    var base: NodeID
    /// Of the first element, in elements, as the strides.
    var offset: Int
    var shape: Shape
    /// One for each dimension of the shape; 0 where the same elements are repeated.
    var strides: [Int]

    init(base: NodeID, shape: Shape) {
        self.base = base
        offset = 0
        self.shape = shape
        strides = shape.contiguousStrides
    }

    /// Storage without gaps in which the dimensions lie in the given order, outermost first.
    init(base: NodeID, shape: Shape, inOrder order: [Int]) {
        self = Reference(base: base, shape: Shape(order.map { shape[$0] })).transposed(Self.inverse(of: order))
    }

    /// The permutation that undoes another.
    static func inverse(of permutation: [Int]) -> [Int] {
        var inverse = permutation
        for (position, axis) in permutation.enumerated() { inverse[axis] = position }
        return inverse
    }

    /// Whether the elements lie one after the other, in order.
    var isContiguous: Bool {
        let expected = shape.contiguousStrides
        return shape.sizes.indices.allSatisfy { shape[$0] == 1 || strides[$0] == expected[$0] }
    }

    func sliced(starts: [Int], shape: Shape) -> Reference {
        var result = self
        for (axis, start) in starts.enumerated() { result.offset += start * strides[axis] }
        result.shape = shape
        return result
    }

    func broadcast(to shape: Shape) -> Reference {
        var result = self
        for axis in shape.sizes.indices where self.shape[axis] != shape[axis] { result.strides[axis] = 0 }
        result.shape = shape
        return result
    }

    func transposed(_ permutation: [Int]) -> Reference {
        var result = self
        result.shape = Shape(permutation.map { shape[$0] })
        result.strides = permutation.map { strides[$0] }
        return result
    }

    func windows(_ windows: Windows) -> Reference {
        var result = self
        let sliding = Array(strides[1...windows.sizes.count])
        result.shape = windows.shape(over: shape)
        result.strides = [strides[0]] + zip(sliding, windows.strides).map { $0 * $1 } + sliding + [strides.last!]
        return result
    }

    /// Windows that tile a tensor, as that tensor.
    /// Nil where that needs a copy.
    func joined(tiles windows: Windows, of shape: Shape) -> Reference? {
        transposed(windows.tileOrder).reshaped(shape)
    }

    /// The same elements under another shape. Nil where that needs a copy.
    func reshaped(_ shape: Shape) -> Reference? {
        var result = self
        result.shape = shape
        if isContiguous {
            result.strides = shape.contiguousStrides
            return result
        }
        // Only dimensions of size 1 come and go: the others keep their strides.
        let kept = self.shape.sizes.indices.filter { self.shape[$0] != 1 }
        let wanted = shape.sizes.indices.filter { shape[$0] != 1 }
        guard kept.map({ self.shape[$0] }) == wanted.map({ shape[$0] }) else { return nil }
        result.strides = [Int](repeating: 0, count: shape.rank)
        for (from, to) in zip(kept, wanted) { result.strides[to] = strides[from] }
        return result
    }

    /// The access pattern over elements in linear order, with as few dimensions as possible, outermost first.
    var pattern: AccessPattern {
        var sizes: [Int] = []
        var merged: [Int] = []
        for axis in shape.sizes.indices where shape[axis] != 1 {
            if let last = merged.last, last == strides[axis] * shape[axis] {
                sizes[sizes.count - 1] *= shape[axis]
                merged[merged.count - 1] = strides[axis]
            } else {
                sizes.append(shape[axis])
                merged.append(strides[axis])
            }
        }
        return AccessPattern(sizes: sizes, strides: merged)
    }
}

/// Nested loops over memory: `sizes[i]` steps of `strides[i]` elements, innermost last. No loops: one element.
struct AccessPattern: Hashable {
    var sizes: [Int]
    var strides: [Int]

    var isContiguous: Bool { sizes.isEmpty || (sizes.count == 1 && strides[0] == 1) }
}
