import Datasets
import TensorEngine

/// A network that learns to classify images: its mean loss on a fresh minibatch at every step.
///
/// Where trials draw their datasets, the problem of one serves every other whose network has the same parameters: the
/// batches that it fills are of the dataset that their own key draws.
public struct Classification: Problem {
    /// What is learned and tested on in the trial that the problem was made for.
    public let dataset: Dataset
    private let pool: DatasetPool
    public let student: any Classifier
    public let batchSize: Int
    public let exampleLoss: ClassificationLoss

    public init(
        dataset: Dataset, student: any Classifier, batchSize: Int, loss: ClassificationLoss = .crossEntropy
    ) {
        self.init(
            DatasetPool([dataset]), key: RandomKey(seed: 0), student: student, batchSize: batchSize, loss: loss)
    }

    /// - Parameters:
    ///   - pool: where the trial's dataset is drawn from.
    ///   - key: the trial's.
    init(_ pool: DatasetPool, key: RandomKey, student: any Classifier, batchSize: Int, loss: ClassificationLoss) {
        dataset = pool.dataset(key)
        precondition(student.inputs == dataset.features && student.classes == dataset.classes)
        self.pool = pool
        self.student = student
        self.batchSize = batchSize
        exampleLoss = loss
    }

    public var parameters: [Parameter] { student.parameters }
    public var hasFreshData: Bool { true }

    /// A thousand examples: the noise of one minibatch must not decide a comparison.
    public var finalExamples: Int? { min(1000, dataset.training.count) }

    public var test: (any TestSplit)? { ClassificationTest(dataset: dataset, student: student, loss: exampleLoss) }

    public func dataShapes(examples: Int?) -> [Shape] {
        let count = examples ?? batchSize
        return [[count, dataset.features], [count, dataset.classes]]
    }

    public func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor {
        student.loss(parameters, images: data[0], labels: data[1], exampleLoss)
    }

    /// The cross-entropy where the loss is 0 or 1. Hidden layers of step functions keep a gradient of 0.
    public func surrogateLoss(_ parameters: [Tensor], data: [Tensor]) -> Tensor? {
        guard exampleLoss == .zeroOne else { return nil }
        return student.loss(parameters, images: data[0], labels: data[1], .crossEntropy)
    }

    /// Those of fully connected students.
    public var localFeatures: [LocalFeature] { student is Student ? LocalFeature.allCases : [] }

    public var localExamples: Int { batchSize }

    public func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters: [Tensor], data: [Tensor]
    ) -> [Tensor] {
        guard let student = student as? Student else { return [] }
        return student.localState(
            features, ofExamples: ofExamples, parameters, images: data[0], labels: data[1], loss: exampleLoss)
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        student.initialize(parameters, key: key)
    }

    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        let drawn = pool.dataset(key)
        precondition(drawn.shape == dataset.shape && drawn.classes == dataset.classes, "another student's trial")
        let split = drawn.training
        let count = examples ?? batchSize
        // Drawn at every step: on the stack, unless the batch is long.
        withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { indices in
            switch batch {
            case .step(let step):
                var stream = RandomStream(key.derived("minibatch", UInt64(step)))
                for row in 0..<count { indices.initializeElement(at: row, to: stream.index(below: split.count)) }
            case .final:
                var stream = RandomStream(key.derived("final batch"))
                _ = indices.initialize(from: stream.permutation(of: split.count).prefix(count))
            }
            split.fill(
                indices: UnsafeBufferPointer(indices), images: data[0], oneHot: data[1], classes: drawn.classes)
        }
    }
}

/// The test split of a classification problem, scored some examples at a time.
private struct ClassificationTest: TestSplit {
    let dataset: Dataset
    let student: any Classifier
    let loss: ClassificationLoss

    var count: Int { dataset.test.count }

    /// At most a thousand examples, and such that the last chunk is not much shorter than the others: statistics of
    /// batch normalization are those of a chunk.
    var chunk: Int {
        let chunks = (count + 999) / 1000
        return (count + chunks - 1) / chunks
    }

    var dataShapes: [Shape] { [[chunk, dataset.features], [chunk, dataset.classes]] }

    func scores(_ parameters: [Tensor], data: [Tensor]) -> (loss: Tensor, correct: Tensor) {
        let logits = student.logits(parameters, data[0])
        let largest = logits.isEqual(to: logits.maximum(axes: [1]))
        // A guess among the largest is right once in as many times; of logits that are not numbers none is.
        let chance = largest / largest.sum(axes: [1]).maximum(1)
        return (-loss.negatedSum(logits: logits, labels: data[1]), (data[1] * chance).sum())
    }

    func fill<Scalar: TensorScalar>(_ data: [UnsafeMutablePointer<Scalar>], from start: Int) {
        let end = min(start + chunk, count)
        dataset.test.fill(
            indices: Array(start..<end), images: data[0], oneHot: data[1], classes: dataset.classes)
        // A label row of zeros counts for nothing.
        (data[1] + (end - start) * dataset.classes)
            .update(repeating: 0, count: (chunk - (end - start)) * dataset.classes)
    }
}
