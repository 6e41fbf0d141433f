import ExperimentSpec
import Foundation
import JournalStore
import MetaTraining
import Nouns
import Optimizers
import Registry
import TensorEngine

/// The optimizer of a trial once the trials that it depends on are done.
enum ResolvedOptimizer: Sendable {
    /// One that the trial is to learn.
    case toLearn(Learning)
    case rule(UpdateRuleSpec)
    case learned(LearnedOptimizer)
}

/// A meta-training with the learned optimizers that it needs.
struct Learning: Sendable {
    let spec: MetaTrainingSpec
    /// Changes the meta-parameters; nil for the spec's hand-designed rule.
    let teacher: LearnedOptimizer?
    /// Has the meta-parameters to begin with; nil to draw them.
    let initial: LearnedOptimizer?
}

/// What a trial came to, without its time.
struct TrialOutcome: Sendable {
    var values: [Metric: Double]
    /// What a meta-training learned.
    var learned: LearnedOptimizerRecord?
    /// What a reader should know of it, in sentences.
    var note: String?
}

/// A trial with all that it needs to run.
struct TrialExecution: Sendable {
    let registry: Registry
    let experiment: String
    let trial: TrialDescription
    let problem: TrialProblem
    let optimizer: ResolvedOptimizer
    let programs: TrialPrograms

    /// Steps from one recording of an evaluation's parameters to the next; nil for none.
    var snapshotEvery: Int? { trial.kind == .evaluation ? trial.snapshotEvery ?? trial.steps : nil }

    /// Runs the trial in its precision, from its start or from a checkpoint's state.
    ///
    /// - Throws: `CancellationError` where it was told to stop; `TrialFailure` where it cannot go on.
    func run(resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome {
        switch trial.precision {
        case .single: try run(Float.self, resuming: state, context)
        case .double: try run(Double.self, resuming: state, context)
        }
    }

    private func run<Scalar: TensorScalar>(
        _: Scalar.Type, resuming state: Data?, _ context: TrialContext
    ) throws -> TrialOutcome {
        switch optimizer {
        case .toLearn(let learning):
            try learn(learning, Scalar.self, resuming: state, context)
        case .rule(let rule):
            try optimize(ParameterGroups(registry.optimizer(rule)), metaParameters: [Scalar](), context)
        case .learned(let learned):
            try optimize(learned.optimizers, metaParameters: learned.metaParameters(as: Scalar.self), context)
        }
    }

    private func learn<Scalar: TensorScalar>(
        _ learning: Learning, _: Scalar.Type, resuming state: Data?, _ context: TrialContext
    ) throws -> TrialOutcome {
        let spec = learning.spec
        var settings = MetaTrainingSettings(spec, registry)
        if let teacher = learning.teacher {
            settings.metaOptimizer = MetaOptimizer(
                teacher.optimizers, metaParameters: teacher.metaParameters(as: Double.self))
        }
        settings.initial = learning.initial?.metaParameters(as: Double.self)
        let training = MetaTrainingTrial<Scalar>(
            family: problem.family, optimizers: registry.optimizers(spec.optimizer), settings: settings)
        let outcome = try training.run(seed: trial.seed, resuming: state, context)
        return TrialOutcome(
            values: [.finalLoss: outcome.finalLoss, .bestLoss: outcome.evaluationLoss],
            learned: LearnedOptimizerRecord(outcome, of: spec, experiment: experiment), note: outcome.note)
    }

    private func optimize<Scalar: TensorScalar>(
        _ optimizers: ParameterGroups, metaParameters: [Scalar], _ context: TrialContext
    ) throws -> TrialOutcome {
        let optimization = programs.optimization(of: self) {
            OptimizationTrial(
                family: problem.family, optimizers: optimizers, metaParameters: metaParameters, steps: trial.steps,
                snapshotEvery: snapshotEvery)
        }
        let outcome = try optimization.run(seed: trial.seed, context)
        var values: [Metric: Double] = [.finalLoss: outcome.finalLoss, .bestLoss: outcome.bestLoss]
        values[.testLoss] = outcome.testLoss
        values[.accuracy] = outcome.accuracy
        return TrialOutcome(values: values)
    }
}

extension MetaTrainingTrial.Outcome {
    /// What is to be said of a training that came to nothing.
    fileprivate var note: String? {
        switch success {
        case .improved: nil
        case .noBetter(let initialLoss):
            "It has not learned to optimize: the final loss of its best evaluation, \(evaluationLoss), is no lower than "
                + "\(initialLoss), the loss before the first step."
        case .diverged: "It has not learned to optimize: all of its evaluations diverged."
        }
    }
}
