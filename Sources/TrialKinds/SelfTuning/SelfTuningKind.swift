import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Nouns
import Optimizers
import Problems
import Registry
import TensorEngine
import Wording

/// Trains a network and its hyperparameters side by side (MacKay et al. 2019).
public struct SelfTuningKind: TrialKind {
    public let name = TrialKindName.selfTuning

    public init() {}

    public var needsProblem: Bool { false }

    public func field(_ vocabulary: Vocabulary) -> Field? {
        Field(
            "selfTuning", .object(SelfTuningFormat.format(vocabulary)),
            "A network whose hyperparameters train beside its weights.")
    }

    public func check(_ spec: CheckedObject, _ vocabulary: Vocabulary) -> [Slip] { SelfTuningChecks(spec).slips }

    public func trialCount(_ settings: ExperimentSettings) -> Double {
        part(of: settings).map { Double($0.integer("repeats")) * Double(SelfTuningVariant.all($0).count) } ?? 0
    }

    public func namedOptimizers(_ settings: ExperimentSettings) -> [Named] {
        part(of: settings).map { SelfTuningVariant.all($0).map(named) } ?? []
    }

    private func named(_ variant: SelfTuningVariant) -> Named {
        Named(name: variant.name, content: .object(variant.content))
    }

    public func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] {
        guard let part = part(of: settings) else { return [] }
        var problem = part.settings("problem").values
        problem["batchSize"] = part.values["batchSize"]
        let spec = ProblemSpec(Settings(problem))
        let weights = part.settings("optimizers").settings("weights")
        let optimizer: TrialOptimizer =
            weights.text("kind") == "stored" ? .stored(name: weights.text("name")) : .rule(UpdateRuleSpec(weights))
        return SelfTuningVariant.all(part).flatMap { variant in
            (0..<part.integer("repeats")).map { index in
                planner.add(
                    TrialDescription(
                        self, precision: settings.precision, problem: spec, called: spec.name ?? spec.kind,
                        optimizer: optimizer, content: weights.json, called: planner.label(of: named(variant)),
                        seed: settings.seeds.evaluation(index), steps: part.integer("rounds"),
                        details: [
                            "selfTuning": .object(variant.content.filter { $0.key != "problem" && $0.key != "rounds" })
                        ]))
            }
        }
    }

    public func activity(_ what: String) -> String { what }

    public func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome
    {
        switch execution.trial.precision {
        case .single: try tune(Float.self, execution, resuming: state, context)
        case .double: try tune(Double.self, execution, resuming: state, context)
        }
    }

    private func tune<Scalar: TensorScalar>(
        _: Scalar.Type, _ execution: TrialExecution, resuming state: Data?, _ context: TrialContext
    ) throws -> TrialOutcome {
        let trial = execution.trial
        guard let tunable = execution.family.problem(RandomKey(seed: trial.seed)).tunable else {
            throw TrialFailure("the problem \(trial.problemLabel) has no hyperparameters to tune")
        }
        var settings = settings(of: trial, tunable, execution.registry)
        if case .learned(let learned) = execution.optimizer {
            settings.weights = MetaOptimizer(
                learned.optimizers, metaParameters: learned.metaParameters(as: Double.self))
        }
        let objective = tunable.tuned(settings.request)
        if let candidates = trial.details.settings("selfTuning").integer(ifGiven: SelfTuningVariant.candidates) {
            let search = RandomSearchTrial<Scalar>(objective, settings, candidates: candidates)
            return TrialOutcome(values: try search.run(seed: trial.seed, resuming: state, context))
        }
        let values = try SelfTuningTrial<Scalar>(objective, settings).run(seed: trial.seed, resuming: state, context)
        return TrialOutcome(values: values)
    }

    public func misfit(of trial: TrialDescription, with problem: Problem, _ registry: Registry) -> String? {
        let own = trial.details.settings("selfTuning")
        guard let tunable = problem.tunable else {
            return "selfTuning: this problem has no hyperparameters that can be tuned; square and classification have"
        }
        return SelfTuningMisfit(own, tunable, registry).text
    }

    public func misfit(
        of optimizers: ParameterGroups, in trial: TrialDescription, with problem: Problem, _ registry: Registry
    ) -> String? {
        guard let tunable = problem.tunable else { return nil }
        let settings = settings(of: trial, tunable, registry)
        return optimizers.misfit(
            withUpdatesOf: tunable.tuned(settings.request).parameters, whoTells: "self-tuning cannot tell")
    }

    public func work(of trial: TrialDescription, _ registry: Registry) -> TrialWork {
        let own = trial.details.settings("selfTuning")
        let candidates = own.integer(ifGiven: SelfTuningVariant.candidates) ?? 1
        return TrialWork(
            steps: trial.steps * candidates, done: { Double($0) },
            curve: own.values["hyperparameterSteps"] == nil ? "trainingLoss" : "validationLoss")
    }

    public var summary: TrialKindSummary {
        TrialKindSummary(
            kind: name, title: "Self-tuning", isCompared: true, ranking: "validationLoss", curve: "validationLoss")
    }

    private func settings(
        of trial: TrialDescription, _ tunable: any SelfTunable, _ registry: Registry
    ) -> SelfTuningSettings {
        var own = trial.details.settings("selfTuning").values
        own["rounds"] = .integer(trial.steps)
        return SelfTuningSettings(Settings(own), of: tunable, registry)
    }

    private func part(of settings: ExperimentSettings) -> Settings? {
        settings.settings.settings(ifGiven: "selfTuning")
    }
}

extension TrialKindName {
    public static let selfTuning: TrialKindName = "selfTuning"
}
