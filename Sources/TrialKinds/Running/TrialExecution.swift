import ExperimentSpec
import Foundation
import MetaTraining
import Nouns
import Optimizers
import Problems
import Registry
import TensorEngine

/// The optimizer of a trial once the trials that it depends on are done.
package enum ResolvedOptimizer: Sendable {
    /// One that the trial is to learn.
    case toLearn(Learning)
    case rule(UpdateRuleSpec)
    case learned(LearnedOptimizer)
    /// Those of several that are learned, by the names of their parts.
    case several([String: LearnedOptimizer])
}

/// A meta-training with the learned optimizers that it needs.
package struct Learning: Sendable {
    package let spec: MetaTrainingSpec
    /// Changes the meta-parameters; nil for the spec's hand-designed rule.
    package let teacher: LearnedOptimizer?
    /// Has the meta-parameters to begin with; nil to draw them.
    package let initial: LearnedOptimizer?

    package init(spec: MetaTrainingSpec, teacher: LearnedOptimizer?, initial: LearnedOptimizer?) {
        self.spec = spec
        self.teacher = teacher
        self.initial = initial
    }
}

/// A trial with all that it needs to run.
public struct TrialExecution: Sendable {
    /// Makes what specs name.
    public let registry: Registry
    /// What the journal calls the experiment.
    public let experiment: String
    /// What the plan says of it.
    public let trial: TrialDescription
    /// What it optimizes: problems, of which each trial draws its own by its seed.
    public let family: any ProblemFamily
    package let optimizer: ResolvedOptimizer
    let programs: TrialPrograms

    package init(
        registry: Registry, experiment: String, trial: TrialDescription, family: any ProblemFamily,
        optimizer: ResolvedOptimizer, programs: TrialPrograms
    ) {
        self.registry = registry
        self.experiment = experiment
        self.trial = trial
        self.family = family
        self.optimizer = optimizer
        self.programs = programs
    }

    /// Optimizes the trial's problem with its optimizer, in its precision, for its steps.
    ///
    /// - Parameter snapshotEvery: steps from one recording of the parameters to the next; nil for none.
    /// - Returns: `finalLoss`, `bestLoss` and, where the problem has a test split, `testLoss` and `accuracy`.
    /// - Throws: `CancellationError` where it was told to stop; `TrialFailure` where it cannot go on.
    public func optimize(snapshotEvery: Int? = nil, _ context: TrialContext) throws -> TrialOutcome {
        switch trial.precision {
        case .single: try optimize(Float.self, snapshotEvery: snapshotEvery, context)
        case .double: try optimize(Double.self, snapshotEvery: snapshotEvery, context)
        }
    }

    private func optimize<Scalar: TensorScalar>(
        _: Scalar.Type, snapshotEvery: Int?, _ context: TrialContext
    ) throws -> TrialOutcome {
        let optimizers: ParameterGroups
        var metaParameters: [Scalar] = []
        switch optimizer {
        case .rule(let rule): optimizers = ParameterGroups(registry.optimizer(rule, steps: trial.steps))
        case .learned(let learned):
            optimizers = learned.optimizers(steps: trial.steps)
            metaParameters = learned.metaParameters(as: Scalar.self)
        case .toLearn: preconditionFailure("an optimizer that is to be learned optimizes nothing yet")
        case .several: preconditionFailure("several optimizers are no optimizer of one problem")
        }
        let optimization = programs.optimization(of: self, snapshotEvery: snapshotEvery) {
            OptimizationTrial(
                family: family, optimizers: optimizers, metaParameters: metaParameters, steps: trial.steps,
                snapshotEvery: snapshotEvery)
        }
        let outcome = try optimization.run(seed: trial.seed, context)
        var values: [Metric: Double] = [.finalLoss: outcome.finalLoss, .bestLoss: outcome.bestLoss]
        values[.testLoss] = outcome.testLoss
        values[.accuracy] = outcome.accuracy
        return TrialOutcome(values: values)
    }
}
