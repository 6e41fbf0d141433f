import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Nouns
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
        part(of: settings).map { Double($0.integer("repeats")) } ?? 0
    }

    public func namedOptimizers(_ settings: ExperimentSettings) -> [Named] {
        part(of: settings).map { [named($0)] } ?? []
    }

    /// All of its part but the number of trials: what else may differ between trials, beside their seeds.
    private func named(_ part: Settings) -> Named {
        Named(name: "self-tuned", content: .object(part.values.filter { $0.key != "repeats" }))
    }

    public func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] {
        guard let part = part(of: settings) else { return [] }
        var problem = part.settings("problem").values
        problem["batchSize"] = part.values["batchSize"]
        let spec = ProblemSpec(Settings(problem))
        let own = part.values.filter { !["problem", "repeats", "rounds"].contains($0.key) }
        let weights = UpdateRuleSpec(part.settings("optimizers").settings("weights"))
        return (0..<part.integer("repeats")).map { index in
            planner.add(
                TrialDescription(
                    self, precision: settings.precision, problem: spec, called: spec.name ?? spec.kind,
                    optimizer: .rule(weights), content: weights.json, called: planner.label(of: named(part)),
                    seed: settings.seeds.evaluation(index), steps: part.integer("rounds"),
                    details: ["selfTuning": .object(own)]))
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
        var own = trial.details.settings("selfTuning").values
        own["rounds"] = .integer(trial.steps)
        let settings = SelfTuningSettings(Settings(own), of: tunable, execution.registry)
        let objective = tunable.tuned(
            settings.hyperparameters.map { ($0.tunable, $0.value) }, response: settings.response,
            batchSize: settings.batchSize)
        let values = try SelfTuningTrial<Scalar>(objective, settings).run(seed: trial.seed, resuming: state, context)
        return TrialOutcome(values: values)
    }

    public func misfit(of trial: TrialDescription, with problem: Problem, _ registry: Registry) -> String? {
        let own = trial.details.settings("selfTuning")
        guard let tunable = problem.tunable else {
            return "selfTuning: this problem has no hyperparameters that can be tuned; square has"
        }
        let known = tunable.tunableHyperparameters.map { "\"\($0.kind)\"" }.joined(by: "and")
        var kinds: [TunableHyperparameter] = []
        for (index, settings) in own.list("hyperparameters").enumerated() {
            let place = "selfTuning.hyperparameters[\(index)]"
            guard let kind = settings.tunable(of: tunable) else {
                return "\(place): found none of the problem's hyperparameters, which are \(known)"
            }
            guard !kinds.contains(kind) else { return "\(place): found \"\(kind.kind)\" a second time" }
            kinds.append(kind)
        }
        let measures = tunable.tunedMeasures.map(\.rawValue)
        if let target = own.settings(ifGiven: "target")?.text("metric"), !measures.contains(target) {
            return "selfTuning.target.metric: found \"\(target)\"; allowed: \(measures.wordingOfChoice)"
        }
        let optimizers = own.settings("optimizers")
        for name in optimizers.values.keys.sorted() {
            let rule = registry.optimizer(UpdateRuleSpec(optimizers.settings(name)))
            guard rule.demands.isEmpty, rule.coordinatewise?.localInputs.isEmpty ?? true else {
                return
                    "selfTuning.optimizers.\(name): the optimizer asks for more than values and gradients, which is all "
                    + "that self-tuning tells"
            }
        }
        return nil
    }

    public func work(of trial: TrialDescription, _ registry: Registry) -> TrialWork {
        TrialWork(steps: trial.steps, done: { Double($0) }, curve: "validationLoss")
    }

    public var summary: TrialKindSummary {
        TrialKindSummary(
            kind: name, title: "Self-tuning", isCompared: true, ranking: "validationLoss", curve: "validationLoss")
    }

    private func part(of settings: ExperimentSettings) -> Settings? {
        settings.settings.settings(ifGiven: "selfTuning")
    }
}

extension TrialKindName {
    public static let selfTuning: TrialKindName = "selfTuning"
}
