import ExperimentSpec
import JournalStore
import MetaTraining

/// What there is to say where one of several replicates of a meta-training was taken that nobody chose by its number.
public struct ReplicateNotice: Sendable, CustomStringConvertible {
    public let description: String

    /// Nil where there is but one, or one was named.
    public init?(optimizer reference: String, in journal: Journal) throws {
        let asked = OptimizerReference(reference)
        guard asked.replicate == nil else { return nil }
        let experiment = try journal.experiment(named: asked.experiment)
        let replicates = Set(try journal.learners(of: experiment.id).compactMap(\.replicate))
        guard replicates.count > 1, let best = try StoredOptimizer.best(of: experiment, in: journal),
            let number = best.trial.replicate
        else { return nil }
        let loss = best.optimizer.evaluationLoss.map { "\($0)" } ?? "none"
        let other = replicates.filter { $0 != number }.min() ?? number
        description =
            "\(reference) has \(replicates.count) replicates; \(experiment.reference)/\(number) is taken, which "
            + "has the lowest evaluation loss, \(loss). To take another, name it so: \(asked.experiment)/\(other)."
    }
}
