import TensorEngine

/// What Adafactor knows of one parameter tensor with several decays (Shazeer and Stern 2018, algorithm 4), and what
/// learned optimizers see of it.
struct Adafactor {
    /// Rows of six kinds for each decay, `[6 × decays, elements]`: the gradient by its scale, the averages of rows, of
    /// columns, their inverse roots, and means of the gradient by the same scale.
    let features: Tensor
    /// The averages, `[decays, …]`: of rows and of columns, or of elements.
    let state: [Tensor]

    /// - Parameters:
    ///   - means: averages of the gradient, one for each decay, `[decays, elements]`.
    ///   - sides: the dimensions that rows and columns are counted along; nil for an average of each element.
    ///   - decays: `[1]` each.
    ///   - remembered: what the state was.
    init(
        _ gradient: Tensor, means: Tensor, sides: (row: Int, column: Int)?, decays: [Tensor],
        remembered: ArraySlice<Tensor>
    ) {
        let shape = gradient.shape
        let ones = Shape(shape.sizes.map { _ in 1 })
        let square = gradient.squared() + 1e-30
        var rows: [[Tensor]] = Array(repeating: [], count: 6)
        var state: [[Tensor]] = remembered.map { _ in [] }
        for (index, decay) in decays.enumerated() {
            let kept = decay.reshaped(ones)
            func averaged(_ place: Int, _ value: Tensor) -> Tensor {
                let before = remembered[remembered.startIndex + place].sliced(index..<index + 1)
                let after = kept * before.reshaped(value.shape) + (1 - kept) * value
                state[place].append(after.reshaped(Shape([1] + value.shape.sizes)))
                return after
            }
            let mean = means.sliced(index..<index + 1).reshaped(shape)
            let found: [Tensor]
            if let sides {
                let row = averaged(0, square.sum(axes: [sides.column]) * (1 / Double(shape[sides.column])))
                let column = averaged(1, square.sum(axes: [sides.row]) * (1 / Double(shape[sides.row])))
                let whole = row.sum(axes: [sides.row]) * (1 / Double(shape[sides.row]))
                let scale =
                    Self.inverseRoot((row / (whole + 1e-9)).maximum(1e-9)) * Self.inverseRoot(column.maximum(1e-9))
                found = [
                    gradient * scale, row, column, Self.inverseRoot(row + 1e-8), Self.inverseRoot(column + 1e-8),
                    mean * scale,
                ]
            } else {
                let element = averaged(0, square)
                let inverse = Self.inverseRoot(element + 1e-8)
                found = [
                    gradient * Self.inverseRoot((element + 1e-9).maximum(1e-9)), element, element, inverse, inverse,
                    mean * Self.inverseRoot(element + 1e-6),
                ]
            }
            for (kind, feature) in found.enumerated() {
                rows[kind].append(feature.broadcast(to: shape).reshaped([1, shape.count]))
            }
        }
        features = Tensor.concatenating(rows.flatMap(\.self))
        self.state = state.map { Tensor.concatenating($0) }
    }

    private static func inverseRoot(_ value: Tensor) -> Tensor { 1 / value.squareRoot() }
}
