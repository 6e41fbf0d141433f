/// A box that slides over the inner dimensions of `[images, sizes…, channels]`.
struct Windows: Hashable, Sendable {
    /// How large the box is along each of the sliding dimensions.
    let sizes: [Int]
    /// How far it moves from one position to the next along each of them.
    let strides: [Int]

    /// How many positions the whole box has along each sliding dimension of a tensor.
    func positions(over shape: Shape) -> [Int] {
        sizes.indices.map { axis in
            let room = shape[1 + axis] - sizes[axis]
            return room < 0 ? 0 : room / strides[axis] + 1
        }
    }

    /// `[images, positions…, window…, channels]`
    func shape(over shape: Shape) -> Shape {
        Shape([shape[0]] + positions(over: shape) + sizes + [shape[shape.rank - 1]])
    }

    /// Whether every element lies in exactly one box.
    func tiles(_ shape: Shape) -> Bool {
        sizes == strides && zip(positions(over: shape), sizes).map { $0 * $1 } == Array(shape.sizes[1...sizes.count])
    }

    /// The dimensions of `[images, positions…, window…, channels]` with each window's beside its positions: the order
    /// of the elements of what the windows tile.
    var tileOrder: [Int] {
        [0] + (1...sizes.count).flatMap { [$0, $0 + sizes.count] } + [2 * sizes.count + 1]
    }
}

extension Tensor {
    /// The boxes that a window visits as it slides over the dimensions between the first and the last. The box stays
    /// inside: pad the tensor first for positions at its edges. Costs nothing: boxes are views.
    ///
    /// `[images, sizes…, channels]` becomes `[images, positions…, window…, channels]`, where there are
    /// `(size - window) / stride + 1` positions along a dimension.
    ///
    /// Traps unless there is one window size and one stride, both positive, for each sliding dimension.
    public func windows(_ sizes: [Int], strides: [Int]) -> Tensor {
        precondition(
            sizes.count == shape.rank - 2 && strides.count == sizes.count && (sizes + strides).allSatisfy { $0 > 0 },
            "windows of sizes \(sizes) with strides \(strides) don't slide over \(shape)")
        return windows(Windows(sizes: sizes, strides: strides))
    }

    /// The adjoint of `windows`: adds boxes up at the places of a tensor of the given shape that they were taken from.
    ///
    /// Traps unless this has the shape that such windows over `shape` have.
    public func folded(strides: [Int], to shape: Shape) -> Tensor {
        precondition(strides.count == shape.rank - 2, "\(strides.count) strides for windows over \(shape)")
        let sizes = Array(self.shape.sizes.dropLast().suffix(strides.count))
        return folded(Windows(sizes: sizes, strides: strides), to: shape)
    }

    func windows(_ windows: Windows) -> Tensor {
        trace.append(.windows(windows), [self], windows.shape(over: shape))
    }

    func folded(_ windows: Windows, to shape: Shape) -> Tensor {
        precondition(self.shape == windows.shape(over: shape), "\(self.shape) are no windows over \(shape)")
        return trace.append(.fold(windows), [self], shape)
    }
}
