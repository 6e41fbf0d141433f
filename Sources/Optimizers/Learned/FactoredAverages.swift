import TensorEngine

/// The averages of a gradient that perceptrons with Adafactor's features see (Metz et al. 2022, section 4): of the gradient
/// and of its square at each coordinate, and of its square along each tensor's rows and columns, each with several decays.
///
/// Rows and columns of a tensor are its two longest dimensions; a vector's average is that of its elements.
struct FactoredAverages: Hashable, Sendable {
    /// How many decays averages of each kind have.
    let momenta: Int
    let squares: Int
    let factored: Int

    /// Averages of the gradient and of its square, `[decays, coordinates]`, and Adafactor's: of each tensor those of its rows
    /// and of its columns, or of its elements.
    func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let count = parameters.elementCount
        return [CarriedTensor("averages", [momenta, count]), CarriedTensor("squares", [squares, count])]
            + parameters.flatMap { parameter in
                guard let (row, column) = Self.sides(parameter.shape) else {
                    return [CarriedTensor("elements/\(parameter.name)", stacked(parameter.shape))]
                }
                return [
                    CarriedTensor("rows/\(parameter.name)", stacked(Self.without(column, parameter.shape))),
                    CarriedTensor("columns/\(parameter.name)", stacked(Self.without(row, parameter.shape))),
                ]
            }
    }

    /// What is found at a point.
    struct Found {
        /// Of the gradient, `[decays, coordinates]`.
        let means: Tensor
        /// Of its square, `[decays, coordinates]`.
        let squares: Tensor
        /// Of each tensor; see ``Adafactor``.
        let factored: [Tensor]
        let state: [Tensor]
    }

    /// - Parameters:
    ///   - gradient: tensors as described.
    ///   - momenta: decays of shape `[1]`; `squares` and `factored` likewise.
    func found(
        _ gradient: [Tensor], at point: OptimizationPoint, momenta: [Tensor], squares: [Tensor], factored: [Tensor]
    ) -> Found {
        let row = ParameterColumns.coordinates.columns(of: gradient)
        func averages(_ index: Int, _ decays: [Tensor], of value: Tensor) -> Tensor {
            Tensor.concatenating(
                decays.enumerated().map { place, decay in
                    let kept = decay.reshaped([1, 1])
                    return kept * point.state[index].sliced(place..<place + 1) + (1 - kept) * value
                })
        }
        let means = averages(0, momenta, of: row)
        let squareMeans = averages(1, squares, of: row.squared())
        var (remembered, first) = (point.state[2...], 0)
        var state = [means, squareMeans]
        let features = zip(point.described, gradient).map { parameter, gradient -> Tensor in
            let count = parameter.shape.count
            defer { first += count }
            let own = Adafactor(
                gradient, means: means.sliced(first..<first + count, axis: 1), sides: Self.sides(parameter.shape),
                decays: factored, remembered: remembered.prefix(parameter.shape.sizes.count > 1 ? 2 : 1))
            remembered = remembered.dropFirst(own.state.count)
            state += own.state
            return own.features
        }
        return Found(means: means, squares: squareMeans, factored: features, state: state)
    }

    /// The two longest dimensions, the longest one second, as the package's `factored_dims`; nil of vectors.
    private static func sides(_ shape: Shape) -> (row: Int, column: Int)? {
        guard shape.sizes.count > 1 else { return nil }
        let order = shape.sizes.indices.sorted { (shape.sizes[$0], $0) < (shape.sizes[$1], $1) }
        return (order[order.count - 2], order[order.count - 1])
    }

    /// The shape with one dimension of length 1.
    private static func without(_ dimension: Int, _ shape: Shape) -> Shape {
        var sizes = shape.sizes
        sizes[dimension] = 1
        return Shape(sizes)
    }

    /// One such tensor for each decay.
    private func stacked(_ shape: Shape) -> Shape { Shape([factored] + shape.sizes) }
}
