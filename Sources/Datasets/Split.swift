import CPrefetch
import TensorKernels

/// The training or the test examples of a data set: what each shows, and one label for each.
///
/// Mostly that is bytes of images, row by row. A copy of a split shares them.
public struct Split: Sendable {
    /// How many examples there are; at least one.
    public let count: Int

    /// How many numbers an example has.
    public let features: Int

    /// The class of each example.
    public let labels: [UInt8]

    let inputs: ExampleInputs

    init(features: Int, inputs: ExampleInputs, labels: [UInt8]) {
        precondition(
            inputs.count(features: features) == features * labels.count, "each label needs an example of its own")
        self.count = labels.count
        self.features = features
        self.labels = labels
        self.inputs = inputs
    }

    /// The images start `offset` bytes into `storage`, which may hold a file's header before them.
    init(features: Int, storage: ImmutableBytes, offset: Int, labels: [UInt8]) {
        self.init(features: features, inputs: .bytes(storage, offset: offset), labels: labels)
    }

    /// A split of one's own making. Copies the images once.
    ///
    /// - Precondition: `images` holds `features` bytes for each label.
    public init(features: Int, images: [UInt8], labels: [UInt8]) {
        self.init(features: features, storage: ImmutableBytes(images), offset: 0, labels: labels)
    }

    /// A split of one's own making whose examples are numbers, which networks see as they are.
    ///
    /// - Precondition: `numbers` holds `features` of them for each label.
    public init(features: Int, numbers: [Float], labels: [UInt8]) {
        self.init(features: features, inputs: .numbers(numbers), labels: labels)
    }

    /// Calls `body` with the bytes of all images, shape [count, features]. They must not be used after it returns.
    ///
    /// - Precondition: the examples are bytes in memory, as those of all data sets are that have a name.
    public func withImages<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        guard case .bytes(let storage, let offset) = inputs else { preconditionFailure("these examples are no bytes") }
        return try storage.withBuffer { try body(UnsafeBufferPointer(rebasing: $0[offset...])) }
    }

    /// Gathers a minibatch: images scaled from 0 ... 255 to 0 ... 1, or as told, numbers as they are, and labels as rows
    /// with a single one.
    ///
    /// - Parameters:
    ///   - indices: which examples, in the order of the rows to write.
    ///   - images: receives shape [indices.count, features].
    ///   - oneHot: receives shape [indices.count, classes].
    ///   - classes: how many classes the data set has.
    ///   - brightest: what 255 becomes; 255 leaves pixels as they are.
    /// - Precondition: every index is in 0 ..< `count`.
    /// - Complexity: one pass over the minibatch. Allocates nothing, but for pictures that have to be read.
    public func fill<Scalar: TensorScalar>(
        indices: UnsafeBufferPointer<Int>, images: UnsafeMutablePointer<Scalar>,
        oneHot: UnsafeMutablePointer<Scalar>, classes: Int, brightest: Double = 1
    ) {
        Scalar.kernels.fill(oneHot, 0, indices.count * classes)
        labels.withUnsafeBufferPointer { labels in
            for index in indices { journal_prefetch(labels.baseAddress! + index) }
            for (row, index) in indices.enumerated() {
                precondition(index >= 0 && index < count, "no example \(index) among \(count)")
                let label = Int(labels[index])
                precondition(label < classes, "label \(label) with \(classes) classes")
                oneHot[row * classes + label] = 1
            }
        }
        inputs.write(indices, features: features, to: images, brightest: brightest)
    }

    /// Gathers a minibatch whose indices are in an array; otherwise as above.
    public func fill<Scalar: TensorScalar>(
        indices: [Int], images: UnsafeMutablePointer<Scalar>, oneHot: UnsafeMutablePointer<Scalar>, classes: Int,
        brightest: Double = 1
    ) {
        indices.withUnsafeBufferPointer {
            fill(indices: $0, images: images, oneHot: oneHot, classes: classes, brightest: brightest)
        }
    }

    /// Some of the examples, in this order. Copies what is in memory once.
    func selecting(_ indices: [Int]) -> Split {
        Split(
            features: features, inputs: inputs.selecting(indices, features: features),
            labels: indices.map { labels[$0] })
    }

    /// The same examples with other labels.
    func labelled(_ labels: [UInt8]) -> Split { Split(features: features, inputs: inputs, labels: labels) }
}
