import ExperimentSpec
import Locking
import MetaTraining
import TensorEngine

/// Optimizations that were made for earlier trials: what differs from them in the seed alone need not be compiled anew.
///
/// Trials come problem by problem and optimizer by optimizer, so a few are enough.
package final class TrialPrograms: Sendable {
    /// All that an optimization is made of, but the seed of its trial.
    private struct Key: Hashable {
        let problem: ProblemSpec
        let dataSeed: UInt64
        let optimizer: Optimizer
        let precision: ExperimentSettings.Precision
        let steps: Int
        let snapshotEvery: Int?

        enum Optimizer: Hashable {
            case rule(UpdateRuleSpec)
            case learned(TrialOptimizer)
        }
    }

    private static let mostKept = 8

    package init() {}

    /// The last used comes first.
    private let kept = Locked<[(key: Key, optimization: any Sendable)]>([])

    /// The optimization of a trial, from `make` where none was made that is like it.
    func optimization<Scalar: TensorScalar>(
        of execution: TrialExecution, snapshotEvery: Int?, _ make: () -> OptimizationTrial<Scalar>
    ) -> OptimizationTrial<Scalar> {
        let key = Self.key(of: execution, snapshotEvery)
        return kept.withLock { kept in
            if let index = kept.firstIndex(where: { $0.key == key }) {
                let found = kept.remove(at: index)
                if let optimization = found.optimization as? OptimizationTrial<Scalar> {
                    kept.insert(found, at: 0)
                    return optimization
                }
            }
            let made = make()
            kept.insert((key, made), at: 0)
            if kept.count > Self.mostKept { kept.removeLast() }
            return made
        }
    }

    private static func key(of execution: TrialExecution, _ snapshotEvery: Int?) -> Key {
        let trial = execution.trial
        let optimizer: Key.Optimizer =
            if case .rule(let rule) = execution.optimizer { .rule(rule) } else { .learned(trial.optimizer) }
        return Key(
            problem: trial.problem, dataSeed: trial.dataSeed, optimizer: optimizer, precision: trial.precision,
            steps: trial.steps, snapshotEvery: snapshotEvery)
    }
}
