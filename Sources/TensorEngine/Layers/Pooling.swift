extension Tensor {
    /// The largest element of each window, for every channel of `[images, height, width, channels]`.
    ///
    /// Where several are largest, the derivative goes to the first of them. Padding never is the largest. Cost: where
    /// windows overlap, proportional to the sum of the window's sizes, not to their product.
    ///
    /// - Parameter strides: the window's own size where none are given.
    public func maximumPooling(_ window: [Int], strides: [Int]? = nil, padding: Padding = .valid) -> Tensor {
        pooled(window, strides ?? window, padding, edge: -Double(Float.greatestFiniteMagnitude)) { parts in
            parts.dropFirst().reduce(parts[0]) { largest, part in part.maximum(largest) }
        }
    }

    /// The mean of each window, for every channel of `[images, height, width, channels]`. Padding doesn't count.
    ///
    /// - Parameter strides: the window's own size where none are given.
    public func averagePooling(_ window: [Int], strides: [Int]? = nil, padding: Padding = .valid) -> Tensor {
        let sums = summedWindows(window, strides ?? window, padding)
        guard padding == .same else { return sums * (1 / Double(window.reduce(1, *))) }
        let one = constant(1, shape: Shape([1] + shape.sizes.dropFirst().dropLast() + [1]))
        return sums / one.summedWindows(window, strides ?? window, padding)
    }

    private func summedWindows(_ window: [Int], _ strides: [Int], _ padding: Padding) -> Tensor {
        pooled(window, strides, padding, edge: 0) { $0.dropFirst().reduce($0[0], +) }
    }

    /// The most elements of a window over which all dimensions are pooled at once.
    private static var largestWindowAtOnce: Int { 16 }

    /// Pools over windows: over small ones that don't overlap in one pass through memory, else one dimension after the
    /// other, from the last to the first, so that neighbours share what they have in common. The order in which
    /// elements are combined is the same.
    ///
    /// - Parameters:
    ///   - edge: what padding is made of.
    ///   - combine: one element for each position, from the elements at the window's places in order.
    private func pooled(
        _ window: [Int], _ strides: [Int], _ padding: Padding, edge: Double, _ combine: ([Tensor]) -> Tensor
    ) -> Tensor {
        precondition(
            window.count == shape.rank - 2 && strides.count == window.count,
            "no pooling of \(shape) by windows of \(window) with strides \(strides)")
        let isAtOnce =
            window.reduce(1, *) <= Self.largestWindowAtOnce && zip(window, strides).allSatisfy { $0 <= $1 }
        var result = self
        for axes in isAtOnce ? [Array(window.indices)] : window.indices.reversed().map({ [$0] }) {
            var (sizes, steps) = (window.map { _ in 1 }, window.map { _ in 1 })
            for axis in axes {
                (sizes[axis], steps[axis]) = (window[axis], strides[axis])
                let amounts = padding.amounts(size: shape[1 + axis], window: window[axis], stride: strides[axis])
                result = result.extended(by: amounts, axis: 1 + axis, with: edge)
            }
            let boxes = result.windows(sizes, strides: steps)
            let pooled = boxes.combined(axes.map { 1 + window.count + $0 }[...], combine)
            result = pooled.reshaped(Shape(Array(boxes.shape.sizes[...window.count]) + [shape[shape.rank - 1]]))
        }
        return result
    }

    /// Combines the elements along some dimensions, the last first, to one.
    private func combined(_ axes: ArraySlice<Int>, _ combine: ([Tensor]) -> Tensor) -> Tensor {
        guard let axis = axes.first else { return self }
        return combine((0..<shape[axis]).map { sliced($0..<$0 + 1, axis: axis).combined(axes.dropFirst(), combine) })
    }

    /// The tensor with constants before and after it along an axis.
    private func extended(by amounts: (before: Int, after: Int), axis: Int, with value: Double) -> Tensor {
        func edge(_ count: Int) -> [Tensor] {
            guard count > 0 else { return [] }
            var sizes = shape.sizes
            sizes[axis] = count
            return [constant(value, shape: Shape(sizes))]
        }
        return .concatenating(edge(amounts.before) + [self] + edge(amounts.after), axis: axis)
    }
}
