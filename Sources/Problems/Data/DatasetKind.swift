import Datasets
import Formats
import Foundation

/// A form of one's own data as specs name it: the format of its settings, and how it is read by them.
///
/// A new one is written like those in `DatasetKinds.swift`, and one line in `Registry.standard` names it.
public struct DatasetKind: Sendable {
    public let kind: Kind
    /// What reads it, by settings, where it lies, and what it is called.
    package let source: @Sendable (Settings, _ file: URL, _ name: String) -> any DatasetSource

    /// - Parameters:
    ///   - name: what specs call it.
    ///   - summary: one sentence.
    ///   - fields: what it is set by, beside its `path`.
    ///   - check: finds what is wrong between settings that are each right by themselves.
    ///   - source: what reads it, by settings, where it lies, and what it is called.
    public init(
        _ name: String, _ summary: String, fields: [Field],
        check: @escaping @Sendable (CheckedObject) -> [Slip] = { _ in [] },
        source: @escaping @Sendable (Settings, _ file: URL, _ name: String) -> any DatasetSource
    ) {
        let path = Field("path", .text(.label), "Where it lies: an absolute path, or one that is relative to the spec.")
        kind = Kind(name, summary, fields: [path] + fields, check: check)
        self.source = source
    }
}
