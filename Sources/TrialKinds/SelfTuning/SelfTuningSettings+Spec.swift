import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Optimizers
import Problems
import Registry

extension SelfTuningSettings {
    /// - Parameters:
    ///   - settings: the part `selfTuning` of a spec.
    ///   - tunable: the problem that it is said of.
    init(_ settings: Settings, of tunable: any SelfTunable, _ registry: Registry) {
        let optimizers = settings.settings("optimizers")
        let rounds = settings.integer("rounds")
        func optimizer(_ name: String, steps: Int) -> MetaOptimizer {
            let rule = UpdateRuleSpec(optimizers.settings(name))
            guard let decay: LearningRate.Decay = settings.choice(ifGiven: "learningRateDecay") else {
                return MetaOptimizer(registry.optimizer(rule))
            }
            return MetaOptimizer(registry.optimizer(rule, decay: decay, steps: steps))
        }
        let (weightSteps, tuningSteps) = (settings.integer("weightSteps"), settings.integer("hyperparameterSteps"))
        let target = settings.settings(ifGiven: "target")
        self.init(
            hyperparameters: settings.list("hyperparameters").map { hyperparameter in
                guard let kind = hyperparameter.tunable(of: tunable) else {
                    preconditionFailure("the problem has no hyperparameter of this kind")
                }
                let name = hyperparameter.text(ifGiven: "name") ?? kind.kind
                return (
                    kind,
                    Hyperparameter(
                        name, HyperparameterSpace(hyperparameter.settings("space")),
                        initial: hyperparameter.number("initial"), scale: hyperparameter.number("scale"))
                )
            },
            response: settings.choice("response"), isCentred: settings.flag(ifGiven: "centred") ?? false,
            batchSize: settings.integer("batchSize"),
            warmup: settings.integer("warmup"), rounds: rounds,
            weightSteps: weightSteps, hyperparameterSteps: tuningSteps, entropy: settings.number("entropy"),
            weights: optimizer("weights", steps: settings.integer("warmup") + rounds * weightSteps),
            center: optimizer("hyperparameters", steps: rounds * tuningSteps),
            scales: optimizer("scales", steps: rounds * tuningSteps),
            target: target.map { (Metric($0.text("metric")), $0.number("below")) },
            snapshotEvery: settings.integer(ifGiven: "snapshotEvery"))
    }
}

extension Settings {
    /// Which of a problem's hyperparameters these settings of one are about; nil where it has none such.
    func tunable(of problem: any SelfTunable) -> TunableHyperparameter? {
        let all = problem.tunableHyperparameters
        if let kind = text(ifGiven: "kind") { return all.first { $0.kind == kind } }
        return all.first { $0.kind == text(ifGiven: "name") } ?? (all.count == 1 ? all[0] : nil)
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
