import TensorKernels

/// The training or the test examples of a data set: bytes of images, row by row, and one label an image.
///
/// A copy of a split shares its images.
public struct Split: Sendable {
    /// How many examples there are; at least one.
    public let count: Int

    /// How many bytes an image has.
    public let features: Int

    /// The class of each example.
    public let labels: [UInt8]

    private let storage: ImmutableBytes
    private let offset: Int

    /// The images start `offset` bytes into `storage`, which may hold a file's header before them.
    init(features: Int, storage: ImmutableBytes, offset: Int, labels: [UInt8]) {
        precondition(storage.count - offset == features * labels.count, "each label needs an image of its own")
        self.count = labels.count
        self.features = features
        self.labels = labels
        self.storage = storage
        self.offset = offset
    }

    /// A split of one's own making. Copies the images once.
    ///
    /// - Precondition: `images` holds `features` bytes for each label.
    public init(features: Int, images: [UInt8], labels: [UInt8]) {
        self.init(features: features, storage: ImmutableBytes(images), offset: 0, labels: labels)
    }

    /// Calls `body` with the bytes of all images, shape [count, features]. They must not be used after it returns.
    public func withImages<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try storage.withBuffer { try body(UnsafeBufferPointer(rebasing: $0[offset...])) }
    }

    /// Gathers a minibatch: images scaled from 0 ... 255 to 0 ... 1, or as told, and labels as rows with a single one.
    ///
    /// - Parameters:
    ///   - indices: which examples, in the order of the rows to write.
    ///   - images: receives shape [indices.count, features].
    ///   - oneHot: receives shape [indices.count, classes].
    ///   - classes: how many classes the data set has.
    ///   - brightest: what 255 becomes; 255 leaves pixels as they are.
    /// - Precondition: every index is in 0 ..< `count`.
    /// - Complexity: one pass over the bytes of the minibatch; allocates nothing.
    public func fill<Scalar: TensorScalar>(
        indices: UnsafeBufferPointer<Int>, images: UnsafeMutablePointer<Scalar>,
        oneHot: UnsafeMutablePointer<Scalar>, classes: Int, brightest: Double = 1
    ) {
        let kernels = Scalar.kernels
        let scale = Scalar(brightest) / Scalar(255)
        kernels.fill(oneHot, 0, indices.count * classes)
        withImages { bytes in
            labels.withUnsafeBufferPointer { labels in
                for (row, index) in indices.enumerated() {
                    precondition(index >= 0 && index < count, "no example \(index) among \(count)")
                    let image = bytes.baseAddress! + index * features
                    kernels.convertBytes(images + row * features, image, scale, features)
                    let label = Int(labels[index])
                    precondition(label < classes, "label \(label) with \(classes) classes")
                    oneHot[row * classes + label] = 1
                }
            }
        }
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
}
