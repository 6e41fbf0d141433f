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
    private let network: PerceptronNetwork

    /// - Parameters:
    ///   - hidden: units of each hidden layer, all with ReLU.
    ///   - outputScale: s, what the direction is multiplied by.
    ///   - exponentScale: c, what the second output is multiplied by before its exponential is taken.
    public init(hidden: [Int] = [32, 32], outputScale: Double = 0.001, exponentScale: Double = 0.001) {
        network = PerceptronNetwork(
            ownInputs: 2 + Self.momenta.count, hidden: hidden, outputScale: outputScale, exponentScale: exponentScale)
    }

    private static let momenta = [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]

    /// Weight and bias of each layer.
    public var metaParameters: [Parameter] { network.parameters }

    /// Averages of the gradient, `[decays, coordinates]`.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        [CarriedTensor("averages", [Self.momenta.count, parameters.elementCount])]
    }

    /// t / T − 1 for each time scale, where the first update has t = 0.
    public func scheduleValues(step: Int) -> [Double] { network.scheduleValues(step: step) }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let row = ParameterColumns.coordinates
        let (parameters, gradient) = (row.columns(of: point.parameters), row.columns(of: point.gradient))
        let averages = Tensor.concatenating(
            Self.momenta.enumerated().map { index, decay in
                decay * point.state[0].sliced(index..<index + 1) + (1 - decay) * gradient
            })
        let change = network.change(
            Tensor.concatenating([gradient, parameters, averages]), tensors: point.described.map(\.shape.count),
            schedule: point.schedule, parameters: metaParameters[...])
        return .init(parameters: row.tensors(parameters - change, as: point.described), state: [averages])
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
        fields: PerceptronNetwork.fields(hidden: [32, 32])
    ) { settings in
        PerceptronOptimizer(
            hidden: settings.integers("hidden"), outputScale: settings.number("outputScale"),
            exponentScale: settings.number("exponentScale"))
    }
}
