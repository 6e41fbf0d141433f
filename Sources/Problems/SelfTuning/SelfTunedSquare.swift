import Foundation
import Nouns
import TensorEngine

extension Square: SelfTunable {
    /// How far training inputs go; the others are validated on.
    public static let inputRange = TunableHyperparameter("inputRange")

    public var tunableHyperparameters: [TunableHyperparameter] { [Self.inputRange] }

    public var tunedMeasures: [Metric] { [.distance] }

    public var trainingExamples: Int? { nil }

    public func tuned(_ request: TuningRequest) -> any SelfTunedObjective {
        precondition(
            request.hyperparameters.map(\.tunable) == [Self.inputRange], "the range of inputs is all that can be tuned")
        return SelfTunedSquare(
            square: Square(widths: widths, range: range, batchSize: request.batchSize, initialization: initialization),
            response: request.response, coefficientDeviation: request.coefficientDeviation)
    }
}

/// x² on inputs in [−1, 1] times a hyperparameter, validated on a range of its own.
struct SelfTunedSquare: SelfTunedObjective {
    let square: Square
    let response: HyperResponse?
    var coefficientDeviation = 0.1

    private var layers: [HyperDense] {
        square.sizes.enumerated().map { index, size in
            HyperDense(
                "dense\(index + 1)", inputs: size.inputs, outputs: size.outputs, hyperparameters: 1, response: response)
        }
    }

    var parameters: [Parameter] { layers.flatMap(\.weights.parameters) }

    var tensors: [Shape] { layers.flatMap(\.weights.tensors) }

    var isResponse: [Bool] { layers.flatMap(\.weights.isResponse) }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        var rest = parameters[...]
        for (index, layer) in layers.enumerated() {
            layer.weights.initialize(
                rest.prefix(layer.weights.parameters.count), key: key.derived("layer", UInt64(index)),
                kernelBound: square.kernelBound(ofLayer: index), coefficientDeviation: coefficientDeviation)
            rest = rest.dropFirst(layer.weights.parameters.count)
        }
    }

    func examples(of batch: TuningBatch) -> Int { square.batchSize }

    /// The inputs: in training before they are scaled.
    func shapes(of batch: TuningBatch) -> [Shape] { [[1, square.batchSize]] }

    func fill<Scalar: TensorScalar>(
        _ tensors: [TensorElements<Scalar>], _ batch: TuningBatch, natural: TensorElements<Scalar>, key: RandomKey
    ) {
        switch batch {
        case .measured, .chunk: Square.fillGrid(tensors[0], range: square.range)
        case .level(let level, let step):
            Square.fillInputs(
                tensors[0], range: level == .training ? 1 : square.range,
                key: key.derived("\(level.rawValue) batch", UInt64(step)))
        }
    }

    /// The distances from the square.
    func predictions(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor], _ level: TuningLevel
    ) -> Tensor {
        let inputs = level == .training ? batch[0] * hyperparameters.natural(0) : batch[0]
        return error(weights, hyperparameters, inputs)
    }

    func loss(
        _ predictions: Tensor, _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor],
        _ level: TuningLevel
    ) -> Tensor { predictions.squared().mean() }

    /// The largest distance from the square on a grid of as many inputs as a batch has.
    func measures(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: Metric, value: Tensor)] {
        let distances = error(weights, hyperparameters, batch[0]).absoluteValue()
        return [(.distance, distances.maximum(axes: [0, 1]).reshaped(.scalar))]
    }

    func pictures(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: String, value: Tensor)] {
        [
            ("inputs", batch[0]), ("function", function(weights, hyperparameters, batch[0])),
            ("target", batch[0].squared()),
        ]
    }

    /// The grid once more.
    var scoredSplits: [(split: DataSplit, size: ScoredSplit)] {
        [(.validation, ScoredSplit(examples: square.batchSize, chunks: 1))]
    }

    func scores(_ predictions: Tensor, batch: [Tensor]) -> [Score] { [Score(Score.loss, predictions.squared().sum())] }

    /// Networks of this depth come as near (arXiv:1807.00297): 2^(−2L) with L layers of ReLU.
    var bounds: [Metric: Double] { ["distanceBound": pow(2, -2 * Double(square.depth))] }

    private func error(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, _ inputs: Tensor
    ) -> Tensor {
        function(weights, hyperparameters, inputs) - inputs.squared()
    }

    private func function(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, _ inputs: Tensor
    ) -> Tensor {
        var values = inputs
        var rest = weights[...]
        for (index, layer) in layers.enumerated() {
            values = layer(values, hyperparameters.response, rest.prefix(layer.weights.tensors.count))
            rest = rest.dropFirst(layer.weights.tensors.count)
            if square.isRectified(index) { values = values.maximum(0) }
        }
        return values
    }
}

extension Metric {
    /// The largest distance of a network's function from the one that it learns, on a grid.
    public static let distance: Metric = "distance"
}
