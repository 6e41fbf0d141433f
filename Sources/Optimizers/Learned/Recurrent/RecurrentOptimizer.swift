import Formats
import TensorEngine

/// The coordinatewise LSTM of Andrychowicz et al. 2016 (`CoordinateWiseDeepLSTM` of their code): a
/// ``RecurrentNetwork`` whose columns are single coordinates.
public struct RecurrentOptimizer: CoordinatewiseOptimizer, Hashable {
    public let network: RecurrentNetwork

    /// - Parameter network: without averaging cells, for which there is ``ColumnRecurrentOptimizer``.
    public init(_ network: RecurrentNetwork) {
        precondition(network.averagingCells == 0, "averaging cells see all coordinates")
        self.network = network
    }

    public init(
        layers: [Int] = [20, 20], inputs: GradientInputs = .logAndSign(k: 5), outputScale: Double = 0.01,
        feedback: ParameterFeedback = .fixed(0), initialWeights: InitialWeights = .truncatedNormal
    ) {
        self.init(
            RecurrentNetwork(
                layers: layers, inputs: inputs, outputScale: outputScale, feedback: feedback,
                initialWeights: initialWeights))
    }

    public var metaParameters: [Parameter] { network.metaParameters(elements: 1) }

    public var stateFeatures: [Int] { network.stateFeatures }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (parameter, state) = network(
            coordinates.parameter, gradient: coordinates.gradient, state: coordinates.state,
            metaParameters: metaParameters)
        return .init(parameter: parameter, state: state)
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        network.initializeMetaParameters(values, elements: 1, key: key)
    }
}

extension LearnedOptimizerKind {
    /// ``RecurrentOptimizer``, or with averaging cells ``ColumnRecurrentOptimizer``.
    public static let recurrent = LearnedOptimizerKind(
        "lstm", "The coordinatewise LSTM of Andrychowicz et al. 2016, one small network for every parameter.",
        fields: RecurrentNetwork.fields, check: RecurrentNetwork.slips
    ) { settings in
        let network = RecurrentNetwork(settings)
        return network.averagingCells > 0
            ? ColumnRecurrentOptimizer(network, .coordinates) : RecurrentOptimizer(network)
    }
}
