import Datasets
import Nouns
import TensorEngine

/// A student of which regularization is tuned: its training batches are dropped out, noised, augmented and smoothed, each
/// example by hyperparameters of its own; its validation batches are not.
struct SelfTunedStudent: SelfTunedObjective {
    private let student: ConvolutionalStudent
    private let layers: [SelfTunedLayer]
    private let classification: Classification
    private let batches: StudentBatches
    private let coefficientDeviation: Double
    private let weightDecay: Int?

    init(
        _ student: ConvolutionalStudent, _ loss: ClassificationLoss, _ request: TuningRequest,
        _ examples: HeldOutExamples
    ) {
        self.student = student
        layers = student.layers.map {
            SelfTunedLayer($0, hyperparameters: request.hyperparameters.count, response: request.response)
        }
        classification = Classification(student, loss: loss)
        coefficientDeviation = request.coefficientDeviation
        batches = StudentBatches(examples, layers, request)
        weightDecay = request.hyperparameters.firstIndex {
            $0.tunable.kind == StudentHyperparameter.weightDecay.rawValue
        }
    }

    var parameters: [Parameter] { layers.flatMap(\.parameters) }
    var tensors: [Shape] { layers.flatMap(\.tensors) }
    var isResponse: [Bool] { layers.flatMap(\.isResponse) }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        for (index, (layer, own)) in zip(layers, apart(parameters, by: \.parameters.count)).enumerated() {
            layer.initialize(
                own, student.initialization, index: index, key: key.derived("layer", UInt64(index)),
                coefficientDeviation: coefficientDeviation)
        }
    }

    /// What belongs to each layer.
    private func apart<Element>(_ all: [Element], by count: (SelfTunedLayer) -> Int) -> [ArraySlice<Element>] {
        var rest = all[...]
        return layers.map { layer in
            let own = rest.prefix(count(layer))
            rest = rest.dropFirst(own.count)
            return own
        }
    }

    func examples(of batch: TuningBatch) -> Int { batches.examples(of: batch) }
    func shapes(of batch: TuningBatch) -> [Shape] { batches.shapes(of: batch) }
    var readsHyperparameters: Bool { true }

    func fill<Scalar: TensorScalar>(
        _ tensors: [TensorElements<Scalar>], _ batch: TuningBatch, natural: TensorElements<Scalar>, key: RandomKey
    ) {
        batches.fill(tensors, batch, natural: natural, key: key)
    }

    /// The inputs to the softmax, `[examples, classes]`.
    func predictions(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor], _ level: TuningLevel
    ) -> Tensor {
        let masks = level == .training ? batches.masks(batch) : [:]
        var values = student.images.batch(batch[0])
        for (index, (layer, own)) in zip(layers, apart(weights, by: \.tensors.count)).enumerated() {
            values = layer(values, hyperparameters.response, own)
            if let mask = masks[index + 1] { values = values * mask }
        }
        return values.transposed()
    }

    func loss(
        _ predictions: Tensor, _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor],
        _ level: TuningLevel
    ) -> Tensor {
        let loss = classification.followedLoss([predictions], batch: batch)
        guard level == .training, let weightDecay else { return loss }
        let norms = zip(layers, apart(weights, by: \.tensors.count)).map {
            $0.squaredNorm(hyperparameters.response, $1)
        }
        let penalty = norms.dropFirst().reduce(norms[0], +) * (hyperparameters.natural(weightDecay) * 0.5)
        return loss + penalty.mean()
    }

    var scoredSplits: [(split: DataSplit, size: ScoredSplit)] {
        [DataSplit.validation, .test].map { ($0, ScoredSplit(batches.examples.chunks(of: $0))) }
    }

    func scores(_ predictions: Tensor, batch: [Tensor]) -> [Score] {
        classification.scores([predictions], batch: batch)
    }
}
