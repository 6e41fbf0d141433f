import Formats
import Nouns

/// How an optimizer is learned.
public struct MetaTrainingSpec: Sendable, Hashable {
    /// When the optimizer learned so far is evaluated, so that the best one is kept.
    public struct Evaluation: Sendable, Hashable {
        public let settings: Settings

        /// Epochs from one evaluation to the next.
        public var every: Int { settings.integer("every") }
        /// Optimizations whose mean final loss is taken.
        public var epochs: Int { settings.integer("epochs") }
    }

    /// What changes the meta-parameters.
    public enum MetaOptimizer: Sendable, Hashable {
        /// The learning rate (before decay) is among its settings.
        case rule(UpdateRuleSpec)
        /// A learned one from the journal, by `NAME` or `NAME@HASH`.
        case stored(name: String)

        /// What the journal is to be asked for; `nil` for a rule.
        public var storedName: String? { if case .stored(let name) = self { name } else { nil } }
    }

    /// Epochs with another number of steps, before the others.
    public struct CurriculumStage: Sendable, Hashable {
        public let settings: Settings

        /// The number of epochs after which the stage is over.
        public var until: Int { settings.integer("until") }
        public var steps: Int { settings.integer("steps") }
    }

    public let settings: Settings

    public var optimizer: LearnedOptimizerSpec {
        guard let groups = settings.values["parameterGroups"] else {
            return LearnedOptimizerSpec(settings: settings.settings("optimizer"))
        }
        return LearnedOptimizerSpec(
            settings: Settings(["kind": .string(LearnedOptimizerSpec.groupedKind), "parameterGroups": groups]))
    }
    /// Optimizations of the problem from its start.
    public var epochs: Int { settings.integer("epochs") }
    /// Steps of one epoch.
    public var steps: Int { settings.integer("steps") }
    /// Steps that the meta-gradient goes back through; divides `steps`.
    public var unrollLength: Int { settings.integer("unrollLength") }
    public var learningRate: Double { settings.number("learningRate") }
    /// How the learning rate falls over all meta-steps, by the vocabulary's name.
    public var learningRateDecay: String { settings.text("learningRateDecay") }
    /// The norm that longer meta-gradients are scaled to; `nil` for no limit.
    public var gradientClip: Double? { settings.number(ifGiven: "gradientClip") }
    /// How much of the running average of the meta-parameters stays at each meta-step; 0 for no average.
    public var averaging: Double { settings.number("averaging") }
    /// What changes the meta-parameters of the first generation.
    public var metaOptimizer: MetaOptimizer {
        let rule = settings.settings("metaOptimizer")
        if rule.text("kind") == "stored" { return .stored(name: rule.text("name")) }
        return .rule(
            UpdateRuleSpec(Settings(rule.values.merging(["learningRate": JSONValue(learningRate)]) { $1 })))
    }
    /// How many optimizers are learned, each after the first by the one before it.
    public var generations: Int { settings.integer(ifGiven: "generations") ?? 1 }
    /// `NAME` or `NAME@HASH` of the learned optimizer to begin with; `nil` to begin at random.
    public var initial: String? { settings.text(ifGiven: "initial") }
    /// Learned optimizers of the journal that it needs.
    public var storedNames: [String] { [metaOptimizer.storedName, initial].compactMap(\.self) }
    public var secondDerivatives: Bool { settings.flag("secondDerivatives") }
    /// How the gradient of the meta-loss is found: kind and settings; `nil` for the vocabulary's default.
    public var estimator: Settings? { settings.settings(ifGiven: "estimator") }
    /// The loss after t of `steps` steps counts (t / steps) to this power in the meta-loss.
    public var lossWeightExponent: Int { settings.integer(ifGiven: "lossWeightExponent") ?? 0 }
    public var curriculum: [CurriculumStage] {
        (settings.list(ifGiven: "curriculum") ?? []).map(CurriculumStage.init(settings:))
    }
    /// The range of the logarithms of each epoch's scales; `nil` for no scaling.
    public var randomScaling: ClosedRange<Double>? {
        settings.settings(ifGiven: "randomScaling").map { $0.number("low")...$0.number("high") }
    }
    public var evaluation: Evaluation { Evaluation(settings: settings.settings("evaluation")) }
}
