import Formats
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

extension LearnedOptimizerKind {
    /// ``RecurrentOptimizer``.
    public static let recurrent = LearnedOptimizerKind(
        "lstm", "The coordinatewise LSTM of Andrychowicz et al. 2016, one small network for every parameter.",
        fields: [
            Field(
                "layers", .list(of: .number(.units), mayBeEmpty: true), default: [20, 20],
                "Hidden units of each layer; without any, there is only a linear layer."),
            Field(
                "inputs", .union(GradientInputs.kinds), default: ["kind": "logAndSign"],
                "What is made of a gradient before the network reads it."),
            Field(
                "outputScale", .number(.positive), default: 0.01,
                "What the network's output is multiplied by to give the change of a parameter."),
            Field(
                "averagingCells", .number(.whole(0...4096)), .implied(0),
                "How many cells of each layer put out their mean over all parameters, from the next step on."),
            Field(
                "lambda", .numberOrChoice(NumberRange(-1...1), ["learned"]), .implied(0),
                "A parameter also changes by lambda times itself; learned, the network puts it out for each "
                    + "parameter and step, from -0.1 to 0.1."),
            Field(
                "initial", .choice(InitialWeights.allCases.map(\.rawValue)), .implied("truncatedNormal"),
                "What the weights are before meta-training: drawn with deviation 1/sqrt(fan-in), biases zero, or all "
                    + "zero."),
        ],
        check: { lstm in
            let fewest = (lstm.value["layers"]?.array ?? []).compactMap(\.integer).min()
            guard let cells = lstm.value["averagingCells"]?.integer, let fewest, cells > fewest else { return [] }
            return [
                Slip(
                    .key("averagingCells"), found: "\(cells), more than a layer has units",
                    allowed: "at most \(fewest)")
            ]
        }
    ) { settings in
        RecurrentOptimizer(
            layers: settings.integers("layers"), averagingCells: settings.integer(ifGiven: "averagingCells") ?? 0,
            inputs: GradientInputs(settings.settings("inputs")), outputScale: settings.number("outputScale"),
            feedback: settings.text(ifGiven: "lambda") == nil
                ? .fixed(settings.number(ifGiven: "lambda") ?? 0) : .learned,
            initialWeights: settings.choice(ifGiven: "initial") ?? .truncatedNormal)
    }
}
