import ExperimentSpec
import Formats
import Nouns
import Problems
import Registry
import Wording

/// Why a self-tuning network cannot run on its problem, in words.
struct SelfTuningMisfit {
    private let own: Settings
    private let tunable: any SelfTunable
    private let registry: Registry

    init(_ own: Settings, _ tunable: any SelfTunable, _ registry: Registry) {
        self.own = own
        self.tunable = tunable
        self.registry = registry
    }

    /// Nil where nothing is wrong.
    var text: String? { (hyperparameters ?? grid ?? examples ?? target ?? optimizers).map { "selfTuning.\($0)" } }

    private var hyperparameters: String? {
        let known = tunable.tunableHyperparameters.map { "\"\($0.kind)\"" }.joined(by: "and")
        var earlier: [(kind: TunableHyperparameter, layer: Int?)] = []
        for (index, settings) in own.list("hyperparameters").enumerated() {
            let place = "hyperparameters[\(index)]"
            guard let kind = settings.tunable(of: tunable) else {
                return "\(place): found none of the problem's hyperparameters, which are \(known)"
            }
            let layer = settings.integer(ifGiven: "layer")
            if let fault = fault(of: layer, kind) ?? fault(of: settings, kind) { return "\(place).\(fault)" }
            // All layers are every layer but the pictures.
            let isTwice = earlier.contains {
                $0.kind == kind && ($0.layer == layer || $0.layer == nil && layer != 0 || layer == nil && $0.layer != 0)
            }
            if isTwice {
                return "\(place): found \"\(kind.kind)\"\(layer.map { " of layer \($0)" } ?? "") a second time"
            }
            earlier.append((kind, layer))
        }
        return nil
    }

    private func fault(of layer: Int?, _ kind: TunableHyperparameter) -> String? {
        guard let layer else {
            guard let layers = kind.layers, layers.upperBound == 0 else { return nil }
            return "layer: found nothing, which is all hidden layers, where there are none; allowed: 0, the pictures"
        }
        guard let layers = kind.layers else {
            return "layer: found \(layer); allowed: none, as \"\(kind.kind)\" is of no layer"
        }
        guard !layers.contains(layer) else { return nil }
        return
            "layer: found \(layer); allowed: \(layers.lowerBound) to \(layers.upperBound), the student's hidden layers"
    }

    /// Natural values must mean something.
    private func fault(of settings: Settings, _ kind: TunableHyperparameter) -> String? {
        let (low, high) = HyperparameterSpace(settings.settings("space")).bounds
        let range = kind.range
        guard low ?? -.infinity < range.lowerBound || high ?? .infinity > range.upperBound else { return nil }
        let ends = JSONValue(range.lowerBound).canonicalText
        let allowed =
            range.upperBound == .infinity
            ? "at least \(ends)" : "within \(ends) and \(JSONValue(range.upperBound).canonicalText)"
        return "space: found one that reaches further than \"\(kind.kind)\" does; allowed: a space \(allowed)"
    }

    /// Fixed values are of hyperparameters, and lie in their spaces; others stay at their initial ones.
    private var grid: String? {
        guard let fixed = own.values[SelfTuningVariant.fixed]?.object else { return nil }
        let all = own.list("hyperparameters")
        let names = all.map { $0.hyperparameterName(of: tunable) }
        let place = "compareWith.grid"
        for (name, value) in fixed.sorted(by: { $0.key < $1.key }) {
            guard let index = names.firstIndex(of: name) else {
                return "\(place).\(name): found no hyperparameter of this name; allowed: \(names.wordingOfChoice)"
            }
            let (low, high) = HyperparameterSpace(all[index].settings("space")).bounds
            let number = value.double ?? .nan
            guard number >= low ?? -.infinity, number <= high ?? .infinity else {
                return "\(place).\(name): found \(value.canonicalText); allowed: values within its space"
            }
        }
        return nil
    }

    private var examples: String? {
        let counts = HeldOutCounts(own.settings(ifGiven: "examples"))
        guard let available = tunable.trainingExamples else {
            return own.values["examples"] == nil
                ? nil : "examples: found numbers of examples; allowed: none, as the problem makes its own"
        }
        guard counts.resolved(of: available) == nil else { return nil }
        return "examples: found more than there are; allowed: \(available) for training and validation together"
    }

    private var target: String? {
        let measures = tunable.tunedMeasures.map(\.rawValue)
        guard let target = own.settings(ifGiven: "target")?.text("metric"), !measures.contains(target) else {
            return nil
        }
        return "target.metric: found \"\(target)\"; allowed: "
            + (measures.isEmpty ? "no target, as nothing is measured after each round" : measures.wordingOfChoice)
    }

    private var optimizers: String? {
        let optimizers = own.settings("optimizers")
        for name in optimizers.values.keys.sorted() where optimizers.settings(name).text("kind") != "stored" {
            let rule = registry.optimizer(UpdateRuleSpec(optimizers.settings(name)))
            guard rule.demands.isEmpty, rule.coordinatewise?.localInputs.isEmpty ?? true else {
                return
                    "optimizers.\(name): the optimizer asks for more than values and gradients, which is all "
                    + "that self-tuning tells"
            }
        }
        return nil
    }
}
