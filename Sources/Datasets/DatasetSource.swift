import Foundation

/// One data set that can be asked for by name. A new one is a file of its own, and a line in `DatasetLibrary.sources`.
protocol DatasetSource: Sendable {
    /// The name that specs use.
    var name: String { get }

    /// - Throws: `DatasetError`, of kind `unavailable` if the data is nowhere to be had.
    func load(_ request: DatasetRequest) throws -> Dataset
}

/// What a data source may look at while it loads.
struct DatasetRequest {
    /// Where files are looked for, in this order; the first one receives downloads. At least one.
    let folders: [URL]

    /// Where files are downloaded from, or nil for a source's own list.
    let mirrors: [URL]?

    /// How long a silent server is waited for.
    let timeout: TimeInterval

    /// What generated data is made from.
    let seed: UInt64

    /// Tells the person who waits something worth knowing.
    let report: (String) -> Void
}
