extension Tensor {
    /// The same elements under another shape of as many.
    public func reshaped(_ shape: Shape) -> Tensor {
        precondition(shape.count == self.shape.count, "\(self.shape) cannot be reshaped to \(shape)")
        return trace.append(.reshape, [self], shape)
    }

    /// Repeats the tensor along dimensions of size 1, and along new outer dimensions, to fill a shape.
    public func broadcast(to shape: Shape) -> Tensor {
        guard shape != self.shape else { return self }
        precondition(
            Shape.broadcasting(self.shape, shape) == shape, "\(self.shape) cannot be broadcast to \(shape)")
        let aligned = Shape([Int](repeating: 1, count: shape.rank - self.shape.rank) + self.shape.sizes)
        return trace.append(.broadcast, [reshaped(aligned)], shape)
    }

    /// Dimension `i` of the result is dimension `permutation[i]`.
    public func transposed(_ permutation: [Int]) -> Tensor {
        precondition(permutation.sorted() == Array(0..<shape.rank), "\(permutation) doesn't permute \(shape)")
        return trace.append(.transpose(permutation), [self], Shape(permutation.map { shape[$0] }))
    }

    /// The last two dimensions exchanged.
    public func transposed() -> Tensor {
        var permutation = Array(0..<shape.rank)
        permutation.swapAt(shape.rank - 1, shape.rank - 2)
        return transposed(permutation)
    }

    /// The part whose indices along an axis lie in a range.
    public func sliced(_ range: Range<Int>, axis: Int = 0) -> Tensor {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= shape[axis], "slice \(range) of \(shape) along axis \(axis)")
        var sizes = shape.sizes
        var starts = [Int](repeating: 0, count: shape.rank)
        sizes[axis] = range.count
        starts[axis] = range.lowerBound
        return sliced(starts: starts, shape: Shape(sizes))
    }

    func sliced(starts: [Int], shape: Shape) -> Tensor {
        trace.append(.slice(starts: starts), [self], shape)
    }

    func padded(starts: [Int], shape: Shape) -> Tensor {
        trace.append(.pad(starts: starts), [self], shape)
    }

    /// Puts tensors one after the other along an axis; the other dimensions are equal.
    public static func concatenating(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        precondition(!tensors.isEmpty, "nothing to concatenate")
        var sizes = tensors[0].shape.sizes
        for tensor in tensors {
            var other = tensor.shape.sizes
            other[axis] = sizes[axis]
            precondition(other == sizes, "\(tensor.shape) doesn't continue \(tensors[0].shape) along axis \(axis)")
        }
        sizes[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
        return tensors[0].trace.append(.concatenate(axis: axis), tensors, Shape(sizes))
    }

    /// The sum over axes, which stay with size 1.
    public func sum(axes: [Int]) -> Tensor {
        trace.append(.sum(axes: axes.sorted()), [self], shape.reducing(axes))
    }

    /// The sum of all elements, a scalar.
    public func sum() -> Tensor {
        sum(axes: Array(0..<shape.rank)).reshaped(.scalar)
    }

    /// The mean of all elements, a scalar.
    public func mean() -> Tensor {
        sum() * (1 / Double(shape.count))
    }

    /// The largest element over axes, which stay with size 1.
    public func maximum(axes: [Int]) -> Tensor {
        trace.append(.maximum(axes: axes.sorted()), [self], shape.reducing(axes))
    }

    /// The product of two matrices `[rows, depth] · [depth, columns]`, or of two stacks `[count, …]` of them.
    public func matrixProduct(_ other: Tensor) -> Tensor {
        let (a, b) = (shape, other.shape)
        precondition(
            a.rank == b.rank && (a.rank == 2 || (a.rank == 3 && a[0] == b[0])) && a[a.rank - 1] == b[b.rank - 2],
            "no matrix product of \(a) and \(b)")
        return contraction(other, depth: 1, stack: a.rank - 2)
    }

    /// The logarithm of the softmax over the last axis, shifted by the largest element so that nothing overflows.
    public func logSoftmax() -> Tensor {
        let last = [shape.rank - 1]
        let shifted = self - maximum(axes: last).stoppingGradient()
        return shifted - shifted.exponential().sum(axes: last).logarithm()
    }
}
