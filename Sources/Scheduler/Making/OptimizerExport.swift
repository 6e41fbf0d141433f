import Foundation
import JournalStore
import Registry

/// A learned optimizer as it leaves the journal.
public struct OptimizerExport: Sendable {
    /// `NAME@HASH` of the experiment that learned it, of several replicates `NAME@HASH/REPLICATE`.
    public let reference: String
    public let file: SafetensorsFile

    /// Finds the learned optimizer of `NAME`, `NAME@HASH` or `NAME/REPLICATE`: the one that specs mean by that name.
    ///
    /// - Throws: ``JournalError`` where there is no such experiment, or it has learned no optimizer.
    public init(named name: String, in journal: Journal, registry: Registry) throws {
        let stored = try StoredOptimizer(named: name, in: journal, registry)
        reference = stored.reference
        var metadata = [
            Key.kind: stored.record.kind, Key.configuration: stored.record.configuration,
            Key.experiment: stored.reference,
        ]
        metadata[Key.evaluationLoss] = stored.record.evaluationLoss.map { "\($0)" }
        file = SafetensorsFile(metadata: metadata, tensors: stored.learned.weights)
    }

    /// Whether these bytes are a file as an export makes it, of whichever optimizer.
    public static func isOne(_ bytes: Data) -> Bool {
        guard let file = try? SafetensorsFile(bytes, file: "") else { return false }
        return [Key.kind, Key.configuration, Key.experiment].allSatisfy { file.metadata[$0] != nil }
    }

    /// The names of a file's metadata.
    enum Key {
        static let kind = "kind"
        /// The settings as JSON, as `metaTraining.optimizer` of a spec.
        static let configuration = "configuration"
        /// `NAME@HASH` of the experiment that learned it, or `NAME@HASH/REPLICATE`.
        static let experiment = "experiment"
        /// A decimal number that reads back as the same `Double`.
        static let evaluationLoss = "evaluationLoss"
    }
}
