import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Nouns
import Registry
import TensorEngine

/// Learns an optimizer; of several replicates and generations, one a trial.
public struct MetaTrainingKind: TrialKind {
    public let name = TrialKindName.metaTraining

    public init() {}

    public func field(_ vocabulary: Vocabulary) -> Field? {
        Field("metaTraining", .object(MetaTrainingFormat.format(vocabulary)), "How an optimizer is learned.")
    }

    public func check(_ spec: CheckedObject, _ vocabulary: Vocabulary) -> [Slip] {
        MetaTrainingChecks(spec, vocabulary).slips
    }

    public func trialCount(_ settings: ExperimentSettings) -> Double {
        Double(settings.generations.count) * Double(settings.replicates.count)
    }

    /// One trial for each generation of each replicate, those of a replicate one after the other. All generations of
    /// one have the same seed, so that they differ in what teaches them alone.
    public func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] {
        guard let training = settings.metaTraining else { return [] }
        return settings.replicates.enumerated().flatMap { index, replicate in
            var trials: [String] = []
            for number in settings.generations {
                var content = training.settings.values
                if settings.generations.count > 1 { content["generation"] = .integer(number) }
                trials.append(
                    planner.add(
                        TrialDescription(
                            self, precision: settings.precision, problem: settings.problem,
                            called: planner.labelOfProblem(settings),
                            optimizer: .learned(training, Generation(number: number, teacher: trials.last)),
                            content: .object(content), called: planner.label(ofGeneration: number, settings),
                            replicate: replicate, seed: settings.seeds.metaTraining(index),
                            steps: EpochSchedule(training.settings).epochLength)))
            }
            return trials
        }
    }

    /// The trials that train a generation, one a replicate, of all that ``plan(_:_:)`` has planned at a sweep's point.
    static func trials(ofGeneration number: Int, _ settings: ExperimentSettings, _ planner: Planner) -> [String] {
        let all = planner.trials(of: .metaTraining)
        return stride(from: number - 1, to: all.count, by: settings.generations.count).map { all[$0] }
    }

    public func activity(_ what: String) -> String { "training \(what)" }

    public func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome
    {
        guard case .toLearn(let learning) = execution.optimizer else {
            preconditionFailure("a meta-training has no optimizer to learn")
        }
        return switch execution.trial.precision {
        case .single: try learn(learning, Float.self, execution, resuming: state, context)
        case .double: try learn(learning, Double.self, execution, resuming: state, context)
        }
    }

    private func learn<Scalar: TensorScalar>(
        _ learning: Learning, _: Scalar.Type, _ execution: TrialExecution, resuming state: Data?,
        _ context: TrialContext
    ) throws -> TrialOutcome {
        let spec = learning.spec
        var settings = MetaTrainingSettings(spec, execution.registry)
        if let teacher = learning.teacher {
            settings.metaOptimizer = MetaOptimizer(
                teacher.optimizers, metaParameters: teacher.metaParameters(as: Double.self))
        }
        settings.initial = learning.initial?.metaParameters(as: Double.self)
        let training = MetaTrainingTrial<Scalar>(
            family: execution.family, optimizers: execution.registry.optimizers(spec.optimizer),
            settings: settings)
        let outcome = try training.run(seed: execution.trial.seed, resuming: state, context)
        return TrialOutcome(
            values: [.finalLoss: outcome.finalLoss, .bestLoss: outcome.evaluationLoss].merging(
                settings.safeguards.leavesOut > 0 ? [.leftOut: Double(outcome.leftOut)] : [:]
            ) { $1 },
            learned: LearnedOptimizerRecord(outcome, of: spec, experiment: execution.experiment), note: outcome.note)
    }

    public func work(of trial: TrialDescription, _ registry: Registry) -> TrialWork {
        guard case .learned(let spec, _) = trial.optimizer else {
            preconditionFailure("a meta-training has no optimizer to learn")
        }
        let settings = MetaTrainingSettings(spec, registry)
        let losses = Double(settings.lossesInMetaLoss)
        return TrialWork(
            steps: settings.schedule.trainingSteps, total: settings.totalSteps,
            done: { settings.work(upToMetaStep: $0) }, curve: .metaLoss, shown: { $0 / losses })
    }

    public var summary: TrialKindSummary {
        TrialKindSummary(
            kind: name, title: "Meta-training", isCompared: false, ranking: .bestLoss, curve: .evaluationLoss)
    }
}

extension TrialKindName {
    public static let metaTraining: TrialKindName = "metaTraining"
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

extension LearnedOptimizerRecord {
    /// What a meta-training came to.
    ///
    /// - Parameter experiment: the name by which the journal's learned optimizers are found.
    fileprivate init<Scalar>(
        _ outcome: MetaTrainingTrial<Scalar>.Outcome, of spec: MetaTrainingSpec, experiment: String
    ) {
        self.init(
            name: experiment, kind: spec.optimizer.kind, configuration: spec.optimizer.settings.json.canonicalText,
            evaluationLoss: outcome.evaluationLoss, weights: outcome.metaParameters)
    }
}
