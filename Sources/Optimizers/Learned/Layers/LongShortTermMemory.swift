import TensorEngine

/// LSTM layers (Hochreiter and Schmidhuber 1997) with a forget bias of 1, one on top of the other, on columns: every
/// column, such as a coordinate, has the same weights and state of its own.
struct LongShortTermMemory: Hashable, Sendable {
    /// How many numbers a column comes in with.
    let inputs: Int
    /// The number of units of each layer.
    let layers: [Int]
    /// How many cells of each layer, its last ones, are global averaging cells (Andrychowicz et al. 2016, section 2.1,
    /// LSTM+GAC): what they put out, to the layer above and to the next step, is averaged over all columns.
    var averagingCells = 0

    /// How many numbers a column goes out with: without layers, those that it came in with.
    var outputs: Int { layers.last ?? inputs }

    /// For each layer a weight `[inputs + units, 4 · units]` and a bias `[4 · units]`, gates in the order input,
    /// candidate, forget, output.
    var parameters: [Parameter] {
        // Weights of a network that averages are not taken for those of one that doesn't.
        let prefix = averagingCells > 0 ? "averagingLstm" : "lstm"
        return zip([inputs] + layers, layers).enumerated().flatMap { index, sizes in
            [
                Parameter("\(prefix)\(index + 1)/weight", [sizes.0 + sizes.1, 4 * sizes.1]),
                Parameter("\(prefix)\(index + 1)/bias", [4 * sizes.1]),
            ]
        }
    }

    /// For each layer its output and its cell.
    var stateFeatures: [Int] { layers.flatMap { [$0, $0] } }

    /// `[inputs, columns]` to `[outputs, columns]`, and the new state.
    ///
    /// - Parameters:
    ///   - state: a tensor for each of `stateFeatures`.
    ///   - parameters: a tensor for each of `parameters`; what follows is not read.
    func callAsFunction(
        _ values: Tensor, state: some Collection<Tensor>, parameters: [Tensor]
    ) -> (values: Tensor, state: [Tensor]) {
        let old = Array(state)
        var (values, new) = (values, [Tensor]())
        for (index, units) in layers.enumerated() {
            let cell = Self.cell(
                values, output: old[2 * index], cell: old[2 * index + 1], weight: parameters[2 * index],
                bias: parameters[2 * index + 1], units: units)
            values = averaged(cell.output)
            new += [values, cell.cell]
        }
        return (values, new)
    }

    /// What a layer puts out, with averages in the place of what averaging cells put out.
    private func averaged(_ output: Tensor) -> Tensor {
        guard averagingCells > 0 else { return output }
        let (units, columns) = (output.shape[0], output.shape[1])
        let own = output.sliced(0..<units - averagingCells)
        let shared = output.sliced(units - averagingCells..<units)
        let mean = shared.sum(axes: [1]) * (1 / Double(columns))
        return Tensor.concatenating([own, mean.broadcast(to: shared.shape)])
    }

    private static func cell(
        _ input: Tensor, output: Tensor, cell: Tensor, weight: Tensor, bias: Tensor, units: Int
    ) -> (output: Tensor, cell: Tensor) {
        // The biases are one more row of weights, against an input of 1, so that one product does it all.
        let biases = bias.reshaped([1, 4 * units])
        let withForgetBias = Tensor.concatenating(
            [
                biases.sliced(0..<2 * units, axis: 1), biases.sliced(2 * units..<3 * units, axis: 1) + 1,
                biases.sliced(3 * units..<4 * units, axis: 1),
            ], axis: 1)
        let ones = input.constant(1, shape: [1, input.shape[1]])
        let gates = Tensor.concatenating([weight, withForgetBias]).transposed()
            .matrixProduct(Tensor.concatenating([input, output, ones]))
        func gate(_ index: Int) -> Tensor { gates.sliced(index * units..<(index + 1) * units) }
        let (entry, candidate, forget, exit) = (gate(0), gate(1), gate(2), gate(3))
        let kept = forget.sigmoid() * cell
        let next = kept + entry.sigmoid() * candidate.hyperbolicTangent()
        return (exit.sigmoid() * next.hyperbolicTangent(), next)
    }
}
