import Formats
import TensorEngine

/// The small network of Metz et al. ("Understanding and correcting pathologies in the training of learned optimizers",
/// 2019; "Tasks, stability, architecture, and compute", 2020), as the package `learned_optimization` has it in
/// `mlp_lopt`: a multilayer perceptron of each coordinate's own features, without recurrence.
///
/// Its 19 inputs are the gradient, the parameter, averages of the gradient with six decays, and the step t through
/// tanh(t / T − 1) for eleven time scales T. From its two outputs d and e it makes θ' = θ − s d exp(c e), s and c 0.001.
///
/// What differs, by a definition of our own: there, each of the first eight inputs is divided by its root mean square
/// over the whole parameter tensor. Here every coordinate is updated on its own, which is what lets meta-gradients
/// be computed block by block; so the gradient and its averages are divided by the root mean square that the
/// coordinate's gradient has had up to now, and the parameter by its own, each a bias-corrected average with decay
/// 0.999. So a coordinate sees how its gradient compares with its past, not with its neighbours'.
public struct PerceptronOptimizer: CoordinatewiseOptimizer, Hashable {
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
    private static let squareDecay = 0.999
    /// Added to mean squares. The original's 1e-5, meant for a tensor, would hide what a single coordinate's gradient is.
    private static let epsilon = 1e-10

    private var dense: [LinearLayer] {
        let sizes = [2 + Self.momenta.count + Self.timeScales.count] + hidden + [2]
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            LinearLayer(name: "dense\(index + 1)", inputs: sizes.0, outputs: sizes.1)
        }
    }

    /// Weight and bias of each layer.
    public var metaParameters: [Parameter] { dense.flatMap(\.parameters) }

    /// Averages of the gradient, of its square, and of the parameter's square.
    public var stateFeatures: [Int] { [Self.momenta.count, 1, 1] }

    /// The bias correction of mean squares, then t / T − 1 for each time scale, where the first update has t = 0.
    public func scheduleValues(step: Int) -> [Double] {
        [1 / (1 - power(Self.squareDecay, step))] + Self.timeScales.map { Double(step - 1) / $0 - 1 }
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (parameter, gradient) = (coordinates.parameter, coordinates.gradient)
        let averages = Self.momenta.enumerated().map { index, decay in
            decay * coordinates.state[0].sliced(index..<index + 1) + (1 - decay) * gradient
        }
        let gradientSquare = Self.average(gradient.squared(), coordinates.state[1])
        let parameterSquare = Self.average(parameter.squared(), coordinates.state[2])
        func size(_ square: Tensor) -> Tensor { (square * coordinates.schedule[0] + Self.epsilon).squareRoot() }
        let gradientSize = size(gradientSquare)
        let ofTime = Tensor.concatenating(coordinates.schedule.dropFirst().map { $0.reshaped([1, 1]) })
            .hyperbolicTangent().broadcast(to: [Self.timeScales.count, gradient.shape[1]])
        var values = Tensor.concatenating([
            gradient / gradientSize, parameter / size(parameterSquare), Tensor.concatenating(averages) / gradientSize,
            ofTime,
        ])
        for (index, layer) in dense.enumerated() {
            if index > 0 { values = values.maximum(0) }
            values = layer(values, parameters: metaParameters[(2 * index)...])
        }
        let magnitude = (values.sliced(1..<2) * exponentScale).exponential() * outputScale
        return .init(
            parameter: parameter - values.sliced(0..<1) * magnitude,
            state: [Tensor.concatenating(averages), gradientSquare, parameterSquare])
    }

    private static func average(_ value: Tensor, _ old: Tensor) -> Tensor {
        squareDecay * old + (1 - squareDecay) * value
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
