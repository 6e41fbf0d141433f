import Formats
import TensorEngine

/// Celo2's learned update rule (Moudgil, Knyazev and Belilovsky, "Celo2: Towards learned optimization free lunch", 2026,
/// arXiv:2602.19142), as its published code has it without the harness around it (`celo2-base`): a small network
/// whose steps have one size on every tensor, so that it can't do harm where gradients have other scales than those it
/// was trained on.
///
/// A coordinate's 30 features are its gradient g, within ±1000, the same within ±0.1, and its value θ; averages m of g with
/// decays of 0.9, 0.99 and 0.999, v of g² with one of 0.95, m / √v, 1 / √v and g / √v; and Adafactor's as
/// ``FactoredPerceptronOptimizer`` has them, of which a vector has the first three alone and zeros else. They are
/// divided by their root mean squares over the tensor's last two dimensions; so is the network's output d, and
/// θ' = θ − η (d + λ θ). Nothing is told of the time: the learning rate η is what is tuned.
public struct NormalizedPerceptronOptimizer: Optimizer, Hashable {
    private let hidden: [Int]
    private let learningRate: Double
    private let weightDecay: Double

    /// - Parameters:
    ///   - hidden: units of each hidden layer, all with ReLU.
    ///   - learningRate: η, the root mean square of a tensor's change.
    ///   - weightDecay: λ.
    public init(hidden: [Int] = [8, 8], learningRate: Double = 0.001, weightDecay: Double = 0) {
        self.hidden = hidden
        self.learningRate = learningRate
        self.weightDecay = weightDecay
    }

    private static let momenta = [0.9, 0.99, 0.999]
    private static let squares = [0.95]
    private static let factored = [0.9, 0.99, 0.999]
    private static let averages = FactoredAverages(
        momenta: momenta.count, squares: squares.count, factored: factored.count)
    private static let epsilon = 1e-9

    private var layers: [LinearLayer] { LinearLayer.perceptron(inputs: 30, hidden: hidden, outputs: 1) }

    /// Weight and bias of each layer.
    public var metaParameters: [Parameter] { layers.flatMap(\.parameters) }

    public func state(of parameters: [Parameter]) -> [CarriedTensor] { Self.averages.state(of: parameters) }

    public func scheduleValues(step: Int) -> [Double] { [] }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let row = ParameterColumns.coordinates
        let gradients = point.gradient.map { $0.maximum(-1000).minimum(1000) }
        func constants(_ decays: [Double]) -> [Tensor] { decays.map { gradients[0].constant($0, shape: [1]) } }
        let found = Self.averages.found(
            gradients, at: point, momenta: constants(Self.momenta), squares: constants(Self.squares),
            factored: constants(Self.factored))
        let (parameters, gradient) = (row.columns(of: point.parameters), row.columns(of: gradients))
        let inverse = 1 / (found.squares + 1e-8).squareRoot()
        let factored = zip(point.described, found.factored).map { parameter, features in
            guard parameter.shape.sizes.count < 2 else { return features }
            // The factors of a vector are its elements' own.
            let seen = Self.factored.count
            let others = features.constant(0, shape: [features.shape[0] - seen, features.shape[1]])
            return Tensor.concatenating([features.sliced(0..<seen), others])
        }
        let features = Tensor.concatenating([
            gradient, gradient.maximum(-0.1).minimum(0.1), parameters, found.means, found.squares,
            found.means * inverse, inverse, gradient * inverse, Tensor.concatenating(factored, axis: 1),
        ])
        var values = Self.normalized(features, as: point.described)
        for (index, layer) in layers.enumerated() {
            values = layer(index == 0 ? values : values.maximum(0), parameters: metaParameters[(2 * index)...])
        }
        let direction = Self.normalized(values, as: point.described)
        let change = learningRate * (weightDecay == 0 ? direction : direction + weightDecay * parameters)
        return .init(parameters: row.tensors(parameters - change, as: point.described), state: found.state)
    }

    /// Rows of features divided by their root mean squares over each tensor's last two dimensions.
    private static func normalized(_ features: Tensor, as described: [Parameter]) -> Tensor {
        let rows = features.shape[0]
        var first = 0
        return Tensor.concatenating(
            described.map { parameter in
                let sizes = parameter.shape.sizes
                let count = parameter.shape.count
                defer { first += count }
                let together = sizes.suffix(2).reduce(1, *)
                let own = features.sliced(first..<first + count, axis: 1)
                    .reshaped([rows, count / together, together])
                let meanSquare = own.squared().sum(axes: [2]) * (1 / Double(together))
                return (own / (meanSquare + epsilon).squareRoot()).reshaped([rows, count])
            }, axis: 1)
    }

    /// Weights random, from a truncated normal distribution.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.truncatedNormal.write(metaParameters, to: values, key: key)
    }
}

extension LearnedOptimizerKind {
    /// ``NormalizedPerceptronOptimizer``.
    public static let normalizedPerceptron = LearnedOptimizerKind(
        "celo2", "Celo2 (Moudgil et al. 2026): a small perceptron whose steps have one size on every tensor.",
        fields: [
            PerceptronNetwork.hiddenField([8, 8]),
            Field(
                "learningRate", .number(.positive), default: 0.001, "The root mean square of each tensor's change."),
            .weightDecay(0),
        ]
    ) { settings in
        NormalizedPerceptronOptimizer(
            hidden: settings.integers("hidden"), learningRate: settings.number("learningRate"),
            weightDecay: settings.number("weightDecay"))
    }
}
