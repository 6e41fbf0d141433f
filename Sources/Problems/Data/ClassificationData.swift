import Datasets
import TensorEngine

/// Images and one-hot labels of a dataset: a fresh minibatch at every step.
///
/// Where pictures are augmented, only those of minibatches are, by the trial's key and the step.
///
/// Where trials draw their datasets, the data of one serve every other whose images have the same sizes: the batches that
/// it fills are of the dataset that their own key draws.
public struct ClassificationData: DataSource {
    /// What is learned and tested on in the trial that it was made for.
    public let dataset: Dataset
    private let pool: DatasetPool
    private let batchSize: Int
    private let preparation: PicturePreparation

    /// - Parameters:
    ///   - pool: where the trial's dataset is drawn from.
    ///   - key: the trial's.
    init(_ pool: DatasetPool, key: RandomKey, batchSize: Int, preparation: PicturePreparation) {
        dataset = pool.dataset(key)
        self.pool = pool
        self.batchSize = batchSize
        self.preparation = preparation
    }

    public var minibatchExamples: Int { batchSize }
    public var isFresh: Bool { true }
    public var hasFixedBatch: Bool { true }

    /// The test split, in chunks of like length: statistics of batch normalization are those of a chunk.
    public func scoredSplit(_ split: DataSplit) -> ScoredSplit? {
        split == .test ? ScoredSplit(chunks) : nil
    }

    private var chunks: Chunks { Chunks(of: dataset.test.count) }

    /// How many examples a batch has. The fixed one has a thousand: the noise of one minibatch must not decide a
    /// comparison.
    private func count(_ batch: Batch) -> Int {
        switch batch {
        case .minibatch: batchSize
        case .fixed: min(1000, dataset.training.count)
        case .chunk: chunks.length
        }
    }

    /// Images `[examples, features]` and labels `[examples, classes]`.
    public func shapes(of batch: Batch) -> [Shape] {
        [[count(batch), dataset.features], [count(batch), dataset.classes]]
    }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        let drawn = pool.dataset(key)
        precondition(drawn.shape == dataset.shape && drawn.classes == dataset.classes, "another student's trial")
        let (split, count) = (drawn.training, count(batch))
        // Drawn at every step: on the stack, unless the batch is long.
        withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { indices in
            switch batch {
            case .minibatch(let step):
                var stream = RandomStream(key.derived("minibatch", UInt64(step)))
                for row in 0..<count { indices.initializeElement(at: row, to: stream.index(below: split.count)) }
            case .fixed:
                var stream = RandomStream(key.derived("final batch"))
                _ = indices.initialize(from: stream.permutation(of: split.count).prefix(count))
            case .chunk(let index, _):
                let range = chunks.range(index)
                drawn.test.fill(
                    Array(range), images: tensors[0], labels: tensors[1], classes: drawn.classes,
                    brightest: preparation.brightest)
                preparation.standardize(tensors[0].start, count: range.count, features: drawn.features)
                return
            }
            split.fill(
                indices: UnsafeBufferPointer(indices), images: tensors[0].start, oneHot: tensors[1].start,
                classes: drawn.classes, brightest: preparation.brightest)
            if case .minibatch(let step) = batch {
                preparation.augment(tensors[0].start, count: count, shape: drawn.shape, step: step, key: key)
            }
            preparation.standardize(tensors[0].start, count: count, features: drawn.features)
        }
    }
}
