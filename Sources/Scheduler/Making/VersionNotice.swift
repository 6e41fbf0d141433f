import ExperimentSpec
import JournalStore
import MetaTraining
import Nouns

/// What there is to say where a bare `NAME` was taken for the newest of several versions: a trial run for a moment, with
/// other settings, is the newest too.
public struct VersionNotice: Sendable, CustomStringConvertible {
    public let description: String

    /// The most settings that are named.
    private static let mostDifferences = 4

    /// For what compares or shows the experiment of that name; nil where there is but one version, or one was named.
    public init?(experiment reference: String, in journal: Journal) throws {
        guard let (newest, others) = try Self.versions(reference, in: journal), let before = others.last else {
            return nil
        }
        description =
            "\(reference) has \(others.count + 1) versions; this is the newest, \(newest.reference). "
            + Self.differences(newest, before)
    }

    /// For what takes the learned optimizer of that name; nil where no other version has one, or a version was named.
    public init?(optimizer reference: String, in journal: Journal) throws {
        let asked = OptimizerReference(reference)
        guard let (newest, others) = try Self.versions(asked.experiment, in: journal) else { return nil }
        func best(_ version: ExperimentRecord) throws -> (trial: TrialRecord, optimizer: LearnedOptimizerRecord)? {
            try StoredOptimizer.best(of: version, replicate: asked.replicate, in: journal)
        }
        let rivals = try others.compactMap { version in
            try best(version).map { (version: version, optimizer: $0.optimizer) }
        }
        guard let taken = try best(newest), let before = rivals.last else {
            return nil
        }
        let loss = taken.optimizer.evaluationLoss ?? .infinity
        var text =
            "\(reference) is taken from its newest version, \(newest.reference), evaluation loss \(loss). "
            + Self.differences(newest, before.version)
        let better = rivals.filter { ($0.optimizer.evaluationLoss ?? .infinity).isLowerLoss(than: loss) }
            .min { ($0.optimizer.evaluationLoss ?? .infinity) < ($1.optimizer.evaluationLoss ?? .infinity) }
        if let better, let lower = better.optimizer.evaluationLoss {
            text += " \(better.version.reference) has a lower one, \(lower): to take that, name it so."
        }
        description = text
    }

    private static func versions(
        _ reference: String, in journal: Journal
    ) throws -> (newest: ExperimentRecord, others: [ExperimentRecord])? {
        guard !reference.contains("@") else { return nil }
        let versions = try journal.experiments(named: reference)
        return versions.last.map { ($0, versions.dropLast()) }
    }

    private static func differences(_ newest: ExperimentRecord, _ before: ExperimentRecord) -> String {
        let differences = newest.differences(from: before)
        guard !differences.isEmpty else { return "The one before is \(before.reference)." }
        let listed = differences.prefix(mostDifferences).map(\.description).joined(separator: ", ")
        let more =
            differences.count > mostDifferences ? " and \(differences.count - mostDifferences) more settings" : ""
        return "It differs from \(before.reference), in brackets, in \(listed)\(more)."
    }
}
