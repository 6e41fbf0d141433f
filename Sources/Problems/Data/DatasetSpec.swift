import Formats
import Foundation
import Nouns

/// A dataset as specs ask for it: one that has a name, or files of one's own.
public struct DatasetSpec: Sendable, Hashable {
    public let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    /// Which form files of one's own have; nil for a dataset that has a name.
    public var kind: String? { settings.text(ifGiven: "kind") }
    /// The dataset's name, or the path of files of one's own.
    public var name: String { settings.text(ifGiven: "name") ?? settings.text("path") }
    /// The dataset to use where this one is neither in the data folder nor to be fetched.
    public var fallback: String? { settings.text(ifGiven: "fallback") }
    /// The classes that are trained and tested on, the first of which becomes class 0; `nil` for all.
    public var classes: [Int]? { settings.integers(ifGiven: "classes") }
    /// The numbers of the files that training examples are taken from, in their order; nil for all. Known of a spec that
    /// is ``resolved(for:in:)``.
    public var files: [Int]? { settings.integers(ifGiven: "batches") }

    /// The same with all its classes.
    package var withAllClasses: DatasetSpec { with("classes", nil) }

    /// Whether both ask for the same examples: what stands in for them may be another.
    package func isSameData(as other: DatasetSpec) -> Bool {
        with("fallback", nil) == other.with("fallback", nil)
    }

    /// What it comes to in a trial: the files of that trial's purpose, and a path that does not depend on where the
    /// program was called.
    ///
    /// - Parameter folder: the spec's, to which its paths are relative.
    package func resolved(for purpose: DataPurpose, in folder: URL) -> DatasetSpec {
        var spec = self
        if let batches = settings.settings(ifGiven: "batches") {
            let files = batches.integers(ifGiven: purpose.rawValue)?.sorted().map { JSONValue.integer($0) }
            spec = spec.with("batches", files.map { .array($0) })
        }
        if let path = settings.text(ifGiven: "path") {
            let file = path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
            spec = spec.with("path", .string(file.standardizedFileURL.path))
        }
        return spec
    }

    private func with(_ field: String, _ value: JSONValue?) -> DatasetSpec {
        var values = settings.values
        values[field] = value
        return DatasetSpec(settings: Settings(values))
    }
}

/// What a trial wants its data for. Examples that an optimizer is learned on may be others than those that it is used on.
package enum DataPurpose: String, Sendable {
    /// A learned optimizer learns on it.
    case metaTraining
    /// Students learn on it, by an optimizer that is what it is.
    case training
}
