import TensorEngine

/// The coordinatewise LSTM of "Learning to learn by gradient descent by gradient descent" (Andrychowicz et al. 2016,
/// section 2.1): one small network, whose weights all coordinates share and whose state each has for itself.
///
/// θ' = θ + g + λ θ with g = s (w · h + b), where h is the last layer's output and s the output scale. The paper has
/// λ = 0; what λ may be else is in ``ParameterFeedback``.
public struct RecurrentOptimizer: CoordinatewiseOptimizer, Hashable {
    /// The number of units of each LSTM layer. None: only the linear layer.
    public let layers: [Int]
    /// How many cells of each layer average what they put out over all coordinates; no layer may have fewer units.
    public let averagingCells: Int
    public let inputs: GradientInputs
    public let outputScale: Double
    public let feedback: ParameterFeedback
    public let initialWeights: InitialWeights

    public init(
        layers: [Int] = [20, 20], averagingCells: Int = 0, inputs: GradientInputs = .logAndSign(k: 5),
        outputScale: Double = 0.01, feedback: ParameterFeedback = .fixed(0),
        initialWeights: InitialWeights = .truncatedNormal
    ) {
        precondition(
            layers.allSatisfy { $0 >= averagingCells }, "\(averagingCells) averaging cells in layers of \(layers)")
        self.layers = layers
        self.averagingCells = averagingCells
        self.inputs = inputs
        self.outputScale = outputScale
        self.feedback = feedback
        self.initialWeights = initialWeights
    }

    private var recurrent: LongShortTermMemory {
        LongShortTermMemory(inputs: inputs.count, layers: layers, averagingCells: averagingCells)
    }
    private var linear: LinearLayer { LinearLayer(name: "linear", inputs: recurrent.outputs, outputs: 1) }

    /// Those of the LSTM layers, then weight and bias of the linear layer, then those of λ where it is learned.
    public var metaParameters: [Parameter] {
        recurrent.parameters + linear.parameters + feedback.parameters(inputs: recurrent.outputs)
    }

    /// For each layer its output and its cell.
    public var stateFeatures: [Int] { recurrent.stateFeatures }

    public var averagedFeatures: [Int] { recurrent.averagedFeatures }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (values, state) = recurrent(
            inputs(coordinates.gradient), state: coordinates.state, parameters: metaParameters)
        let head = metaParameters[(2 * layers.count)...]
        let change = linear(values, parameters: head) * outputScale
        let moved = coordinates.parameter + change
        guard let share = feedback.share(of: coordinates.parameter, values, parameters: head.dropFirst(2)) else {
            return .init(parameter: moved, state: state)
        }
        return .init(parameter: moved + share, state: state)
    }

    /// As ``initialWeights`` has it; the weights of a learned λ are 0 in any case.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        let drawn = recurrent.parameters + linear.parameters
        initialWeights.write(drawn, to: values, key: key)
        InitialWeights.zeros.write(
            feedback.parameters(inputs: recurrent.outputs), to: values + drawn.elementCount, key: key)
    }
}
