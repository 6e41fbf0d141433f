/// What a window finds at the edges of an image.
public enum Padding: Sendable {
    /// As many positions as the image's size over the stride, rounded up; what is missing is padded at both ends, one
    /// more at the far end where it is odd.
    case same
    /// No padding: only positions where the whole window is inside.
    case valid

    /// How many elements are added before and after a dimension.
    func amounts(size: Int, window: Int, stride: Int) -> (before: Int, after: Int) {
        guard self == .same else { return (0, 0) }
        let positions = (size + stride - 1) / stride
        let missing = max((positions - 1) * stride + window - size, 0)
        return (missing / 2, missing - missing / 2)
    }
}

extension Tensor {
    /// The tensor with so many zeros on both sides of each of its dimensions between the first and the last.
    public func padded(_ border: Int) -> Tensor {
        let isPadded = (0..<shape.rank).map { $0 > 0 && $0 < shape.rank - 1 }
        return padded(
            starts: isPadded.map { $0 ? border : 0 },
            shape: Shape(zip(shape.sizes, isPadded).map { $0 + ($1 ? 2 * border : 0) }))
    }

    /// The tensor with zeros around its dimensions between the first and the last, as windows over it want them.
    func padded(_ padding: Padding, window: [Int], strides: [Int]) -> Tensor {
        var starts = [Int](repeating: 0, count: shape.rank)
        var sizes = shape.sizes
        for axis in window.indices {
            let (before, after) = padding.amounts(size: sizes[1 + axis], window: window[axis], stride: strides[axis])
            starts[1 + axis] = before
            sizes[1 + axis] += before + after
        }
        return padded(starts: starts, shape: Shape(sizes))
    }
}
