import TensorEngine

/// Where batches come from: named splits, and for each batch the shapes of its tensors and their elements.
///
/// Everything random about a batch follows from the trial's key and the step, so two optimizers with one key see the
/// same data. One that augments its examples draws that from the same.
///
/// Something that has its data with it is objective and data source at once, and makes a ``Problem`` by itself:
/// ``Rastrigin`` draws its data once. ``ClassificationData`` takes other examples at each step, so its `isFresh` is true.
public protocol DataSource: Sendable {
    /// Whether every step sees other data. If not, the minibatch of step 0 serves for all.
    var isFresh: Bool { get }

    /// How many examples a minibatch has of which can be told one by one.
    var minibatchExamples: Int { get }

    /// Whether there is a fixed batch on which a trial's final loss is taken; if not, it is taken on the minibatch of
    /// step 0.
    var hasFixedBatch: Bool { get }

    /// How many examples a split has that is scored, and in how many chunks; nil where there is no such split.
    func scoredSplit(_ split: DataSplit) -> ScoredSplit?

    /// The shapes of a batch's tensors, the same for all batches of its form.
    func shapes(of batch: Batch) -> [Shape]

    /// Writes a batch.
    ///
    /// - Parameters:
    ///   - tensors: the elements of each.
    ///   - key: the trial's.
    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey)
}

/// What holds for a source that doesn't say otherwise: its data are the same at every step, and nothing is held back.
extension DataSource {
    public var isFresh: Bool { false }
    public var minibatchExamples: Int { 1 }
    public var hasFixedBatch: Bool { false }
    public func scoredSplit(_ split: DataSplit) -> ScoredSplit? { nil }

    /// The batch on which the final loss is taken.
    public var finalBatch: Batch { hasFixedBatch ? .fixed : .minibatch(step: 0) }
}

/// What some of the data are for.
public enum DataSplit: String, Sendable, CaseIterable {
    /// Optimizees learn from it.
    case training
    /// Settings are chosen by it.
    case validation
    /// Nothing is chosen by it.
    case test
}

/// The size of a split that is scored a chunk at a time.
public struct ScoredSplit: Sendable, Hashable {
    public let examples: Int
    public let chunks: Int

    public init(examples: Int, chunks: Int) {
        self.examples = examples
        self.chunks = chunks
    }

    init(_ chunks: Chunks) {
        self.init(examples: chunks.examples, chunks: chunks.count)
    }
}

/// Which data a batch holds.
public enum Batch: Sendable, Hashable {
    /// Of the training split, for a step: the first is 0.
    case minibatch(step: Int)
    /// The fixed batch of the training split on which a trial's final loss is taken.
    case fixed
    /// Part of a split that is scored. Examples that fill up the last chunk count nothing in the scores.
    case chunk(Int, of: DataSplit)
}

/// No data at all, for functions of their parameters alone.
public struct NoData: DataSource {
    public init() {}
    public func shapes(of batch: Batch) -> [Shape] { [] }
    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {}
}
