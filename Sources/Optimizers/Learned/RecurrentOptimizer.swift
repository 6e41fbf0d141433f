import TensorEngine

/// The coordinatewise LSTM of "Learning to learn by gradient descent by gradient descent" (Andrychowicz et al. 2016,
/// section 2.1): one small network, whose weights all coordinates share and whose state each has for itself.
///
/// θ' = θ + s (w · h + b), where h is the last layer's output and s the output scale.
public struct RecurrentOptimizer: Optimizer, Hashable {
    /// The number of units of each LSTM layer. None: only the linear layer.
    public let layers: [Int]
    public let inputs: GradientInputs
    public let outputScale: Double

    public init(layers: [Int] = [20, 20], inputs: GradientInputs = .logAndSign(k: 5), outputScale: Double = 0.01) {
        self.layers = layers
        self.inputs = inputs
        self.outputScale = outputScale
    }

    /// For each layer a weight `[inputs + units, 4 · units]` and a bias `[4 · units]`, gates in the order input,
    /// candidate, forget, output; then the linear layer.
    public var metaParameters: [Parameter] {
        var result: [Parameter] = []
        var width = inputs.count
        for (index, units) in layers.enumerated() {
            result.append(Parameter("lstm\(index + 1)/weight", [width + units, 4 * units]))
            result.append(Parameter("lstm\(index + 1)/bias", [4 * units]))
            width = units
        }
        return result + [Parameter("linear/weight", [width, 1]), Parameter("linear/bias", [1])]
    }

    /// For each layer its output and its cell.
    public var stateFeatures: [Int] { layers.flatMap { [$0, $0] } }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        var values = inputs(coordinates.gradient)
        var state: [Tensor] = []
        for (index, units) in layers.enumerated() {
            let cell = Self.cell(
                values, output: coordinates.state[2 * index], cell: coordinates.state[2 * index + 1],
                weight: metaParameters[2 * index], bias: metaParameters[2 * index + 1], units: units)
            state += [cell.output, cell.cell]
            values = cell.output
        }
        let linear = metaParameters[2 * layers.count].transposed().matrixProduct(values)
        let change = (linear + metaParameters[2 * layers.count + 1].reshaped([1, 1])) * outputScale
        return .init(parameter: coordinates.parameter + change, state: state)
    }

    /// One LSTM cell (Hochreiter and Schmidhuber 1997) with a forget bias of 1, on columns of coordinates.
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

    /// Weights from a normal distribution cut off at two deviations of 1/√(fan-in), biases 0, as in the original's
    /// code.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        var pointer = values
        for (index, parameter) in metaParameters.enumerated() {
            var stream = RandomStream(key.derived("meta-parameters", UInt64(index)))
            let isBias = parameter.shape.rank == 1
            let deviation = isBias ? 0 : 1 / Double(parameter.shape[0]).squareRoot()
            for element in 0..<parameter.shape.count {
                pointer[element] = isBias ? 0 : Scalar(deviation * Self.truncatedNormal(&stream))
            }
            pointer += parameter.shape.count
        }
    }

    private static func truncatedNormal(_ stream: inout RandomStream) -> Double {
        while true {
            let value = stream.normal()
            if abs(value) < 2 { return value }
        }
    }
}
