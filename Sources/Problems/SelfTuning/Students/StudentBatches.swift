import Datasets
import TensorEngine

/// The batches of a self-tuned student: images `[examples, features]` and labels `[examples, classes]`, and in training a
/// mask for each layer that has dropout.
///
/// Hyperparameters act on an example as numbers, since weights alone follow the training loss: so what they do to it is
/// done while the batch is filled.
struct StudentBatches {
    let examples: HeldOutExamples
    private let batchSize: Int
    private let augmentation: Augmentation
    /// Which hyperparameter each is.
    private let kinds: [(kind: StudentHyperparameter, layer: Int?)]
    /// The layers with dropout, each with the hyperparameter that is its rate and the shape of its mask. Layer 0, the
    /// pictures, needs no mask of its own.
    private let dropouts: [(layer: Int, hyperparameter: Int, mask: Shape?)]

    init(_ examples: HeldOutExamples, _ layers: [SelfTunedLayer], _ request: TuningRequest) {
        self.examples = examples
        batchSize = request.batchSize
        augmentation = Augmentation(examples.dataset.shape)
        let kinds = request.hyperparameters.map { tunable, hyperparameter in
            guard let kind = StudentHyperparameter(rawValue: tunable.kind) else {
                preconditionFailure("students have no \(tunable.kind)")
            }
            return (kind: kind, layer: hyperparameter.layer)
        }
        self.kinds = kinds
        dropouts = (0..<layers.count).compactMap { layer in
            let found = kinds.firstIndex { $0.kind == .dropout && ($0.layer == layer || $0.layer == nil && layer > 0) }
            guard let found else { return nil }
            return (layer, found, layer == 0 ? nil : layers[layer - 1].outputs(examples: request.batchSize))
        }
    }

    func examples(of batch: TuningBatch) -> Int {
        if case .chunk(_, let split) = batch { examples.chunks(of: split).length } else { batchSize }
    }

    func shapes(of batch: TuningBatch) -> [Shape] {
        if case .measured = batch { return [] }
        let count = examples(of: batch)
        let pictures: [Shape] = [[count, examples.dataset.features], [count, examples.dataset.classes]]
        if case .level(.training, _) = batch { return pictures + dropouts.compactMap(\.mask) }
        return pictures
    }

    /// The masks of a training batch, by their layers.
    func masks(_ batch: [Tensor]) -> [Int: Tensor] {
        Dictionary(uniqueKeysWithValues: zip(dropouts.filter { $0.mask != nil }.map(\.layer), batch.dropFirst(2)))
    }

    func fill<Scalar: TensorScalar>(
        _ tensors: [TensorElements<Scalar>], _ batch: TuningBatch, natural: TensorElements<Scalar>, key: RandomKey
    ) {
        guard let images = tensors.first else { return }
        examples.fill(images, tensors[1], batch, count: examples(of: batch), key: key)
        guard case .level(.training, let step) = batch else { return }
        let key = key.derived("training noise", UInt64(step))
        func values(_ hyperparameter: Int) -> TensorElements<Scalar> {
            natural.slice(hyperparameter * batchSize..<(hyperparameter + 1) * batchSize)
        }
        for (index, hyperparameter) in kinds.enumerated() {
            let values = values(index)
            switch hyperparameter.kind {
            case .augmentation: augment(images, strengths: values, key: key.derived("augmentation"))
            case .inputNoise: Noise.add(to: images, deviations: values, key: key.derived("input noise"))
            case .labelSmoothing: smooth(tensors[1], shares: values)
            case .dropout, .weightDecay: break
            }
        }
        var masks = tensors.dropFirst(2)
        for (layer, hyperparameter, mask) in dropouts {
            let key = key.derived("dropout", UInt64(layer))
            let rates = values(hyperparameter)
            if let mask {
                let isColumns = mask.rank == 2
                Noise.drop(masks.removeFirst(), rates: rates, isColumns: isColumns, isFresh: true, key: key)
            } else {
                Noise.drop(images, rates: rates, isColumns: false, isFresh: false, key: key)
            }
        }
    }

    private func augment<Scalar: TensorScalar>(
        _ images: TensorElements<Scalar>, strengths: TensorElements<Scalar>, key: RandomKey
    ) {
        let features = examples.dataset.features
        var stream = RandomStream(key)
        for example in 0..<batchSize {
            augmentation.apply(
                to: images.start + example * features, strength: Double(strengths[example]), &stream)
        }
    }

    private func smooth<Scalar: TensorScalar>(_ labels: TensorElements<Scalar>, shares: TensorElements<Scalar>) {
        let classes = examples.dataset.classes
        for example in 0..<batchSize {
            let share = shares[example]
            for index in example * classes..<(example + 1) * classes {
                labels[index] = labels[index] * (1 - share) + share / Scalar(classes)
            }
        }
    }
}
