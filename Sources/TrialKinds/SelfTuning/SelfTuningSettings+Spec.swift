import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Optimizers
import Problems
import Registry

extension SelfTuningSettings {
    /// - Parameters:
    ///   - settings: the part `selfTuning` of a spec, as far as it matters to one of the variants.
    ///   - tunable: the problem that it is said of.
    init(_ settings: Settings, of tunable: any SelfTunable, _ registry: Registry) {
        let optimizers = settings.settings("optimizers")
        let rounds = settings.integer("rounds")
        let decay: LearningRateDecay? = settings.choice(ifGiven: "learningRateDecay")
        func optimizer(_ name: String, steps: Int) -> MetaOptimizer {
            // What is stored is put in where it is known.
            guard let own = optimizers.settings(ifGiven: name), own.text("kind") != "stored" else { return .none }
            let rule = UpdateRuleSpec(own)
            return MetaOptimizer(
                decay.map { registry.optimizer(rule, schedule: $0.schedule, steps: steps) } ?? registry.optimizer(rule))
        }
        let weightSteps = settings.integer("weightSteps")
        // Not there where hyperparameters are fixed.
        let tuningSteps = settings.integer(ifGiven: "hyperparameterSteps") ?? 0
        let allWeightSteps = settings.integer("warmup") + rounds * weightSteps
        let isLinearized = settings.flag(ifGiven: "linearized") == true
        let fixed = settings.values[SelfTuningVariant.fixed]?.object ?? [:]
        self.init(
            hyperparameters: settings.list("hyperparameters").map { own in
                guard let kind = own.tunable(of: tunable) else {
                    preconditionFailure("the problem has no hyperparameter of this kind")
                }
                let name = own.hyperparameterName(of: tunable)
                return (
                    kind,
                    Hyperparameter(
                        name, HyperparameterSpace(own.settings("space")),
                        initial: fixed[name]?.double ?? own.number("initial"), scale: own.number("scale"),
                        layer: own.integer(ifGiven: "layer"))
                )
            },
            response: settings.choice(ifGiven: "response"), isCentred: settings.flag(ifGiven: "centred") ?? false,
            linearizedResponse: isLinearized
                ? optimizer(
                    optimizers.values["response"] == nil ? "weights" : "response", steps: allWeightSteps) : nil,
            batchSize: settings.integer("batchSize"),
            heldOut: HeldOutCounts(settings.settings(ifGiven: "examples")), warmup: settings.integer("warmup"),
            rounds: rounds, weightSteps: weightSteps, hyperparameterSteps: tuningSteps,
            entropy: settings.number(ifGiven: "entropy") ?? 0,
            weights: optimizer("weights", steps: allWeightSteps),
            center: optimizer("hyperparameters", steps: rounds * tuningSteps),
            scales: optimizer("scales", steps: rounds * tuningSteps),
            target: settings.settings(ifGiven: "target").map { (Metric($0.text("metric")), $0.number("below")) },
            snapshotEvery: settings.integer(ifGiven: "snapshotEvery"))
    }
}

extension HeldOutCounts {
    init(_ settings: Settings?) {
        self.init(
            training: settings?.integer(ifGiven: "training"), validation: settings?.integer(ifGiven: "validation"))
    }
}

extension Settings {
    /// Which of a problem's hyperparameters these settings of one are about; nil where it has none such.
    func tunable(of problem: any SelfTunable) -> TunableHyperparameter? {
        let all = problem.tunableHyperparameters
        if let kind = text(ifGiven: "kind") { return all.first { $0.kind == kind } }
        return all.first { $0.kind == text(ifGiven: "name") } ?? (all.count == 1 ? all[0] : nil)
    }

    /// What the hyperparameter that they are about is called.
    func hyperparameterName(of problem: any SelfTunable) -> String {
        text(ifGiven: "name") ?? tunable(of: problem)?.kind ?? ""
    }
}

extension HyperparameterSpace {
    init(_ settings: Settings) {
        switch settings.text("kind") {
        case "bounded": self = .bounded(low: settings.number("low"), high: settings.number("high"))
        case "positive": self = .positive
        case "unbounded": self = .unbounded
        case "logBounded": self = .logBounded(low: settings.number("low"), high: settings.number("high"))
        case "integer": self = .integer(low: settings.integer("low"), high: settings.integer("high"))
        case let other: preconditionFailure("no hyperparameter lies in the space \(other)")
        }
    }
}
