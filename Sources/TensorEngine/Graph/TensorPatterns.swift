extension Tensor {
    /// 0, 1, … up to `count` - 1, `[count]`, in this tensor's trace: by doubling, as a graph has no constants with more than
    /// one value.
    public static func wholeNumbers(_ count: Int, like tensor: Tensor) -> Tensor {
        guard count > 1 else { return tensor.constant(0, shape: [count]) }
        let half = (count + 1) / 2
        let first = wholeNumbers(half, like: tensor)
        return concatenating([first, (first + Double(half)).sliced(0..<count - half)])
    }

    /// The identity matrix, `[count, count]`, in this tensor's trace.
    public static func identity(_ count: Int, like tensor: Tensor) -> Tensor {
        let numbers = wholeNumbers(count, like: tensor)
        let shape: Shape = [count, count]
        return numbers.reshaped([count, 1]).broadcast(to: shape)
            .isEqual(to: numbers.reshaped([1, count]).broadcast(to: shape))
    }
}
