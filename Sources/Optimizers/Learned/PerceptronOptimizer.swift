import Formats
import TensorEngine

/// The small network of Metz et al. ("Understanding and correcting pathologies in the training of learned optimizers",
/// 2019; "Tasks, stability, architecture, and compute", 2020), as the package `learned_optimization` has it in
/// `mlp_lopt`: a multilayer perceptron of each coordinate's own features, without recurrence.
///
/// Its 19 inputs are the gradient, the parameter, averages of the gradient with six decays, each divided by its root mean
/// square over the parameter tensor, and the step t through tanh(t / T − 1) for eleven time scales T. From its two
/// outputs d and e it makes θ' = θ − s d exp(c e), s and c 0.001.
public struct PerceptronOptimizer: Optimizer, Hashable {
    /// Units of each hidden layer, all with ReLU.
    public let hidden: [Int]
    /// s: what the direction is multiplied by.
    public let outputScale: Double
    /// c: what the second output is multiplied by before its exponential is taken.
    public let exponentScale: Double

    public init(hidden: [Int] = [32, 32], outputScale: Double = 0.001, exponentScale: Double = 0.001) {
        self.hidden = hidden
        self.outputScale = outputScale
        self.exponentScale = exponentScale
    }

    private static let momenta = [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]
    private static let timeScales = [1.0, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]
    /// Added to mean squares.
    private static let epsilon = 1e-5
    /// The inputs that differ between the coordinates of a tensor.
    private static let ownInputs = 2 + momenta.count

    private var dense: [LinearLayer] {
        let sizes = [Self.ownInputs + Self.timeScales.count] + hidden + [2]
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            LinearLayer(name: index < hidden.count ? "hidden\(index + 1)" : "output", inputs: sizes.0, outputs: sizes.1)
        }
    }

    /// Weight and bias of each layer.
    public var metaParameters: [Parameter] { dense.flatMap(\.parameters) }

    /// Averages of the gradient, `[decays, coordinates]`.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        [CarriedTensor("averages", [Self.momenta.count, parameters.elementCount])]
    }

    /// t / T − 1 for each time scale, where the first update has t = 0.
    public func scheduleValues(step: Int) -> [Double] { Self.timeScales.map { Double(step - 1) / $0 - 1 } }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let row = ParameterColumns.coordinates
        let (parameters, gradient) = (row.columns(of: point.parameters), row.columns(of: point.gradient))
        let averages = Tensor.concatenating(
            Self.momenta.enumerated().map { index, decay in
                decay * point.state[0].sliced(index..<index + 1) + (1 - decay) * gradient
            })
        let own = Self.normalized(
            Tensor.concatenating([gradient, parameters, averages]), tensors: point.described.map(\.shape.count))
        let time = Tensor.concatenating(point.schedule.map { $0.reshaped([1, 1]) }).hyperbolicTangent()
        var values = dense[0](own, common: time, parameters: metaParameters[...])
        for (index, layer) in dense.enumerated().dropFirst() {
            values = layer(values.maximum(0), parameters: metaParameters[(2 * index)...])
        }
        let magnitude = (values.sliced(1..<2) * exponentScale).exponential() * outputScale
        let updated = parameters - values.sliced(0..<1) * magnitude
        return .init(parameters: row.tensors(updated, as: point.described), state: [averages])
    }

    /// Rows of features divided by their root mean squares over each parameter tensor.
    ///
    /// - Parameter tensors: how many coordinates each tensor has.
    private static func normalized(_ features: Tensor, tensors: [Int]) -> Tensor {
        var first = 0
        return Tensor.concatenating(
            tensors.map { count in
                defer { first += count }
                let own = features.sliced(first..<first + count, axis: 1)
                let meanSquare = own.squared().sum(axes: [1]) * (1 / Double(count))
                return own / (meanSquare + epsilon).squareRoot()
            }, axis: 1)
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.truncatedNormal.write(metaParameters, to: values, key: key)
    }
}

extension LearnedOptimizerKind {
    /// ``PerceptronOptimizer``.
    public static let perceptron = LearnedOptimizerKind(
        "mlp", "The multilayer perceptron of Metz et al. 2020, on features of each parameter.",
        fields: [
            Field(
                "hidden", .list(of: .number(.units), mayBeEmpty: true), default: [32, 32],
                "Hidden units of each layer."),
            Field(
                "outputScale", .number(.positive), default: 0.001,
                "What the direction is multiplied by to give the change of a parameter."),
            Field(
                "exponentScale", .number(.positive), default: 0.001,
                "What the magnitude is multiplied by before its exponential is taken."),
        ]
    ) { settings in
        PerceptronOptimizer(
            hidden: settings.integers("hidden"), outputScale: settings.number("outputScale"),
            exponentScale: settings.number("exponentScale"))
    }
}
