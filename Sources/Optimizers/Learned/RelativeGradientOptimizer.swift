import Formats
import TensorEngine

/// RNNprop of "Learning Gradient Descent: Better Generalization and Longer Horizons" (Lv, Jiang and Li 2017, section 4):
/// a coordinatewise LSTM that sees gradients only relative to their own size, and whose steps are bounded.
///
/// m' = β₁ m + (1 − β₁) g; v' = β₂ v + (1 − β₂) g²; m̂ = m' / (1 − β₁ᵗ); v̂ = v' / (1 − β₂ᵗ). The inputs are g / √v̂ and
/// m̂ / √v̂, as RMSprop and Adam would step; a fully connected layer with ELU comes before the LSTM layers, and
/// Δθ = α tanh(w · h + b).
///
/// The paper divides by √v̂ + ε, and we by √(v̂ + ε²): the same but where v̂ is near ε², as a root has no derivative at 0,
/// where v̂ is for a coordinate that has never had a gradient.
public struct RelativeGradientOptimizer: CoordinatewiseOptimizer, Hashable {
    /// Units of the fully connected layer before the LSTM.
    public let preprocessing: Int
    /// The number of units of each LSTM layer.
    public let layers: [Int]
    public let beta1: Double
    public let beta2: Double
    public let epsilon: Double
    /// α, the longest step.
    public let outputScale: Double

    public init(
        preprocessing: Int = 20, layers: [Int] = [20, 20], beta1: Double = 0.95, beta2: Double = 0.95,
        epsilon: Double = 1e-8, outputScale: Double = 0.1
    ) {
        self.preprocessing = preprocessing
        self.layers = layers
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.outputScale = outputScale
    }

    private var dense: LinearLayer { LinearLayer(name: "preprocessing", inputs: 2, outputs: preprocessing) }
    private var recurrent: LongShortTermMemory { LongShortTermMemory(inputs: preprocessing, layers: layers) }
    private var linear: LinearLayer { LinearLayer(name: "linear", inputs: recurrent.outputs, outputs: 1) }

    /// Weight and bias of the fully connected layer, those of the LSTM layers, and those of the linear layer.
    public var metaParameters: [Parameter] { dense.parameters + recurrent.parameters + linear.parameters }

    /// m and v, and for each layer its output and its cell.
    public var stateFeatures: [Int] { [1, 1] + recurrent.stateFeatures }

    /// 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ).
    public func scheduleValues(step: Int) -> [Double] { [beta1, beta2].map { 1 / (1 - power($0, step)) } }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let gradient = coordinates.gradient
        let mean = beta1 * coordinates.state[0] + (1 - beta1) * gradient
        let square = beta2 * coordinates.state[1] + (1 - beta2) * gradient.squared()
        let size = (square * coordinates.schedule[1] + epsilon * epsilon).squareRoot()
        let relative = Tensor.concatenating([gradient, mean * coordinates.schedule[0]]) / size
        let (values, state) = recurrent(
            Self.exponentialLinear(dense(relative, parameters: metaParameters[...])),
            state: coordinates.state.dropFirst(2), parameters: Array(metaParameters.dropFirst(2)))
        let output = linear(values, parameters: metaParameters.suffix(2))
        return .init(
            parameter: coordinates.parameter + output.hyperbolicTangent() * outputScale, state: [mean, square] + state)
    }

    /// ELU (Clevert, Unterthiner and Hochreiter 2016): x above 0, eˣ − 1 below. At 0, where x is for a coordinate that
    /// has never had a gradient, its derivative is 1: of two that are equal, it goes to the second.
    private static func exponentialLinear(_ x: Tensor) -> Tensor {
        x.maximum(0) + (x.filled(with: 0).minimum(x).exponential() - 1)
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.truncatedNormal.write(metaParameters, to: values, key: key)
    }
}

extension LearnedOptimizerKind {
    /// ``RelativeGradientOptimizer``.
    public static let relativeGradient = LearnedOptimizerKind(
        "rnnprop", "RNNprop (Lv, Jiang and Li 2017): an LSTM that sees gradients relative to their own size.",
        fields: [
            Field("preprocessing", .number(.units), default: 20, "Units of the dense layer before the LSTM."),
            Field(
                "layers", .list(of: .number(.units), mayBeEmpty: true), default: [20, 20],
                "Hidden units of each LSTM layer."),
            Field("beta1", .number(.decay), default: 0.95, "Decay of the average of gradients."),
            Field("beta2", .number(.decay), default: 0.95, "Decay of the average of squared gradients."),
            Field("epsilon", .number(.squared), default: 1e-8, "Its square is added to the average square."),
            Field("outputScale", .number(.positive), default: 0.1, "The longest step."),
        ]
    ) { settings in
        RelativeGradientOptimizer(
            preprocessing: settings.integer("preprocessing"), layers: settings.integers("layers"),
            beta1: settings.number("beta1"), beta2: settings.number("beta2"), epsilon: settings.number("epsilon"),
            outputScale: settings.number("outputScale"))
    }
}
