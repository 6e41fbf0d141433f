import Formats
import Nouns

/// How an optimizer is learned, as far as plans and the journal know it: what it needs, and what it makes.
public struct MetaTrainingSpec: Sendable, Hashable {
    /// What changes the meta-parameters.
    public enum MetaOptimizer: Sendable, Hashable {
        /// The learning rate (before decay) is among its settings.
        case rule(UpdateRuleSpec)
        /// A learned one from the journal, by `NAME`, `NAME@HASH` or `NAME/REPLICATE`.
        case stored(name: String)

        /// What the journal is to be asked for; `nil` for a rule.
        public var storedName: String? { if case .stored(let name) = self { name } else { nil } }
    }

    public let settings: Settings

    public var optimizer: LearnedOptimizerSpec {
        guard let groups = settings.values["parameterGroups"] else {
            return LearnedOptimizerSpec(settings: settings.settings("optimizer"))
        }
        return LearnedOptimizerSpec(
            settings: Settings(["kind": .string(LearnedOptimizerSpec.groupedKind), "parameterGroups": groups]))
    }
    /// What changes the meta-parameters of the first generation.
    public var metaOptimizer: MetaOptimizer {
        let rule = settings.settings("metaOptimizer")
        if rule.text("kind") == "stored" { return .stored(name: rule.text("name")) }
        return .rule(
            UpdateRuleSpec(
                Settings(rule.values.merging(["learningRate": JSONValue(settings.number("learningRate"))]) { $1 })))
    }
    /// How many optimizers are learned, each after the first by the one before it.
    public var generations: Int { settings.integer(ifGiven: "generations") ?? 1 }
    /// How many optimizers are trained, each from a seed of its own.
    public var repeats: Int { settings.integer(ifGiven: "repeats") ?? 1 }
    /// `NAME`, `NAME@HASH` or `NAME/REPLICATE` of the learned optimizer to begin with; `nil` to begin at random.
    public var initial: String? { settings.text(ifGiven: "initial") }
    /// Learned optimizers of the journal that it needs.
    public var storedNames: [String] { [metaOptimizer.storedName, initial].compactMap(\.self) }
    public var secondDerivatives: Bool { settings.flag("secondDerivatives") }
    /// How the gradient of the meta-loss is found: kind and settings; `nil` for the vocabulary's default.
    public var estimator: Settings? { settings.settings(ifGiven: "estimator") }
}
