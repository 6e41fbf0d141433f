import Foundation

/// Labelled images to learn from, and where they came from.
public struct Dataset: Sendable {
    /// The name that specs use, such as `mnist`.
    public let name: String

    public let origin: Origin

    /// SHA-256 in hexadecimal digits of the shape, the pixels and the labels, training before test, written in one form
    /// for each data set, in whatever form they were read: the same images and labels have the same sum.
    ///
    /// For MNIST and Fashion-MNIST that form is the four IDX files, images before labels. For CIFAR it is the records of
    /// the binary version, with both labels for CIFAR-100. They have no counts: where the same records are divided
    /// otherwise into training and test, only `note` tells. For generated data it is the images and then the labels of
    /// each split. Some classes of a data set have the sum of the whole; files of one's own have that of ``ValueChecksum``.
    public let checksum: String

    /// How many classes there are: labels are 0 ..< `classes`.
    public let classes: Int

    /// The shape of one image: [height, width], or [height, width, channels]; [columns] of a row of a table.
    public let shape: [Int]

    public let training: Split
    public let test: Split

    /// What a reader of results should know of this data, if anything: that it is not the official data, say.
    public internal(set) var note: String?

    /// How many numbers an example has: the product of `shape`.
    public var features: Int { shape.reduce(1, *) }

    /// - Precondition: both splits have as many features as `shape`.
    public init(
        name: String, origin: Origin, checksum: String, classes: Int, shape: [Int], training: Split, test: Split,
        note: String? = nil
    ) {
        let features = shape.reduce(1, *)
        precondition(training.features == features && test.features == features, "images are not of shape \(shape)")
        self.name = name
        self.origin = origin
        self.checksum = checksum
        self.classes = classes
        self.shape = shape
        self.training = training
        self.test = test
        self.note = note
    }
}

extension Dataset {
    /// Where a data set came from.
    public enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// Files in this folder that hold the official bytes.
        case officialFiles(URL)

        /// Well-formed files in this folder that hold other bytes than the official ones.
        case otherFiles(URL)

        /// Well-formed files in this folder or archive, which are not compared with the official bytes.
        case uncheckedFiles(URL)

        /// The official bytes, or some of them, fetched in this run from this mirror.
        case downloaded(URL)

        /// A file or folder of one's own, named in the spec.
        case named(URL)

        /// Made by a generator of our own from this seed.
        case synthetic(seed: UInt64)

        /// One phrase, such as "official files in /data/mnist".
        public var description: String {
            switch self {
            case .officialFiles(let folder): "official files in \(folder.path)"
            case .otherFiles(let folder): "files in \(folder.path) that are not the official ones"
            case .uncheckedFiles(let folder): "files in \(folder.path), not compared with the official ones"
            case .downloaded(let mirror): "official files, downloaded from \(mirror.absoluteString)"
            case .named(let file): "read from \(file.path)"
            case .synthetic(let seed): "generated from seed \(seed)"
            }
        }
    }
}
