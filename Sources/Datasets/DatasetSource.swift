import Foundation

/// One data set that can be asked for by name. A new one is a file of its own, and a line in `Registry.standard`.
///
/// A generated one makes its images and labels; one in files looks for them in the request's folders, and throws an
/// error of kind `unavailable` where they are not, so that a fallback can step in.
///
///     struct Stripes: DatasetSource {
///         let name = "stripes"
///         let isGenerated = true
///
///         /// 2 × 2 pixels: two across, which is class 0, and two down, class 1.
///         func load(_ request: DatasetRequest) -> Dataset {
///             let split = Split(features: 4, images: [255, 255, 0, 0, 255, 0, 255, 0], labels: [0, 1])
///             let checksum = SHA256()
///             split.withImages(checksum.add)
///             checksum.add(split.labels)
///             return Dataset(
///                 name: name, origin: .synthetic(seed: request.seed), checksum: checksum.finish(), classes: 2,
///                 shape: [2, 2], training: split, test: split)
///         }
///     }
public protocol DatasetSource: Sendable {
    /// The name that specs use.
    var name: String { get }

    /// Whether it is fetched where its files are not; not, if it isn't said.
    var isFetched: Bool { get }

    /// Whether it is made by the program, so that there is nothing to look for; not, if it isn't said.
    var isGenerated: Bool { get }

    /// - Throws: `DatasetError`, of kind `unavailable` if the data is nowhere to be had.
    func load(_ request: DatasetRequest) throws -> Dataset
}

extension DatasetSource {
    public var isFetched: Bool { false }
    public var isGenerated: Bool { false }
}

/// What a data source may look at while it loads.
public struct DatasetRequest {
    /// Where files are looked for, in this order; the first one receives downloads. At least one.
    public let folders: [URL]

    /// Where files are downloaded from, or nil for a source's own list.
    public let mirrors: [URL]?

    /// Whether files may be fetched; if not, only folders are looked into.
    public var fetches = true

    /// How long a silent server is waited for.
    public let timeout: TimeInterval

    /// What generated data is made from.
    public let seed: UInt64

    /// The numbers of the files that training examples are taken from, counted from 1, in their order; nil for all.
    /// Only CIFAR-10 has several.
    public var files: [Int]? = nil

    /// Tells the person who waits something worth knowing.
    public let report: (String) -> Void
}
