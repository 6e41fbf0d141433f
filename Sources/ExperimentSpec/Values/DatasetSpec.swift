import Formats

/// A dataset that a student may learn.
public struct DatasetSpec: Sendable, Hashable {
    public let settings: Settings

    public var name: String { settings.text("name") }
    /// The dataset to use where this one is neither in the data folder nor to be fetched.
    public var fallback: String? { settings.text(ifGiven: "fallback") }
    /// The classes that are trained and tested on, the first of which becomes class 0; `nil` for all.
    public var classes: [Int]? { settings.integers(ifGiven: "classes") }
}
