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
        part(of: settings).map { Double($0.integer("repeats")) * SelfTuningVariant.count($0) } ?? 0
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
        return SelfTuningVariant.all(part).flatMap { variant in
            let optimizers = Settings(variant.content).settings("optimizers")
            let optimizer = Self.optimizer(optimizers)
            return (0..<part.integer("repeats")).map { index in
                planner.add(
                    TrialDescription(
                        self, precision: settings.precision, problem: spec, called: spec.name ?? spec.kind,
                        optimizer: optimizer, content: optimizers.settings("weights").json,
                        called: planner.label(of: named(variant)),
                        seed: settings.seeds.evaluation(index), steps: part.integer("rounds"),
                        details: [
                            "selfTuning": .object(variant.content.filter { $0.key != "problem" && $0.key != "rounds" })
                        ]))
            }
        }
    }

    /// That of the weights alone where all are rules, which are told among the details.
    private static func optimizer(_ optimizers: Settings) -> TrialOptimizer {
        let parts = optimizers.values.keys.reduce(into: [String: TrialOptimizer]()) { parts, name in
            let own = optimizers.settings(name)
            parts[name] = own.text("kind") == "stored" ? .stored(name: own.text("name")) : .rule(UpdateRuleSpec(own))
        }
        let all = TrialOptimizer.several(parts)
        return all.storedNames.isEmpty ? parts["weights"] ?? all : all
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
        if case .several(let learned) = execution.optimizer {
            func put(_ name: String, _ optimizer: inout MetaOptimizer) {
                guard let own = learned[name] else { return }
                optimizer = MetaOptimizer(own.optimizers, metaParameters: own.metaParameters(as: Double.self))
            }
            put("weights", &settings.weights)
            put("hyperparameters", &settings.center)
            put("scales", &settings.scales)
            if var response = settings.linearizedResponse {
                put(learned["response"] == nil ? "weights" : "response", &response)
                settings.linearizedResponse = response
            }
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
            return
                "selfTuning: this problem has no hyperparameters that can be tuned; allowed: square, and classification of "
                + "pictures without residual students, \"augmentation\" and \"standardize\""
        }
        return SelfTuningMisfit(own, tunable, registry).text
    }

    public func misfit(
        of optimizers: ParameterGroups, _ part: String?, in trial: TrialDescription, with problem: Problem,
        _ registry: Registry
    ) -> String? {
        guard let tunable = problem.tunable else { return nil }
        let settings = settings(of: trial, tunable, registry)
        let isOfWeights = part.map { ["weights", "response"].contains($0) } ?? true
        let misfit = optimizers.misfit(
            withUpdatesOf: isOfWeights
                ? tunable.tuned(settings.request).parameters
                : [Parameter("hyperparameters", [settings.hyperparameters.count])], whoTells: "self-tuning cannot tell")
        return misfit.map { text in part.map { "selfTuning.optimizers.\($0): \(text)" } ?? text }
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
