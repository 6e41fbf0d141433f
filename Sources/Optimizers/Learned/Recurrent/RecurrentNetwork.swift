import TensorEngine

/// The network of "Learning to learn by gradient descent by gradient descent" (Andrychowicz et al. 2016, section 2.1),
/// LSTM layers with a linear layer on top, on columns of a parameter's elements: every column has the same weights and
/// state of its own.
///
/// A column θ with gradient γ becomes θ' = θ + g + λ θ with g = s (w · h + b), where h is what the last layer puts out
/// for γ, and s the output scale. The paper has λ = 0; what λ may be else is in ``ParameterFeedback``.
public struct RecurrentNetwork: Hashable, Sendable {
    /// The number of units of each LSTM layer. None: only the linear layer.
    public let layers: [Int]
    /// How many cells of each layer average what they put out over all columns; no layer may have fewer units.
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

    /// For each layer its output and its cell.
    public var stateFeatures: [Int] { memory(elements: 1).stateFeatures }

    /// Those of the LSTM layers, then weight and bias of the linear layer, then those of λ where it is learned.
    ///
    /// - Parameter elements: how many elements a column has.
    public func metaParameters(elements: Int) -> [Parameter] {
        drawn(elements: elements) + feedback.parameters(inputs: memory(elements: elements).outputs, outputs: elements)
    }

    /// Columns after a step, and the new state.
    ///
    /// - Parameters:
    ///   - columns: parameters, `[elements, columns]`.
    ///   - gradient: the loss's gradient by them.
    ///   - state: a tensor `[features, columns]` for each of `stateFeatures`.
    ///   - metaParameters: a tensor for each of `metaParameters`.
    public func callAsFunction(
        _ columns: Tensor, gradient: Tensor, state: [Tensor], metaParameters: [Tensor]
    ) -> (columns: Tensor, state: [Tensor]) {
        let elements = columns.shape[0]
        let (values, state) = memory(elements: elements)(inputs(gradient), state: state, parameters: metaParameters)
        let head = metaParameters[(2 * layers.count)...]
        let change = linear(elements: elements)(values, parameters: head) * outputScale
        let moved = columns + change
        guard let share = feedback.share(of: columns, values, parameters: head.dropFirst(2)) else {
            return (moved, state)
        }
        return (moved + share, state)
    }

    /// Writes initial meta-parameters as ``initialWeights`` has it; the weights of a learned λ are 0 in any case.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, elements: Int, key: RandomKey
    ) {
        let drawn = drawn(elements: elements)
        initialWeights.write(drawn, to: values, key: key)
        InitialWeights.zeros.write(
            Array(metaParameters(elements: elements).dropFirst(drawn.count)), to: values + drawn.elementCount, key: key)
    }

    private func drawn(elements: Int) -> [Parameter] {
        memory(elements: elements).parameters + linear(elements: elements).parameters
    }

    private func memory(elements: Int) -> LongShortTermMemory {
        LongShortTermMemory(inputs: inputs.count * elements, layers: layers, averagingCells: averagingCells)
    }

    private func linear(elements: Int) -> LinearLayer {
        LinearLayer(name: "linear", inputs: memory(elements: elements).outputs, outputs: elements)
    }
}
