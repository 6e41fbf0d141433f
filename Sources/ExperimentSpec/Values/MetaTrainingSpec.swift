/// How an optimizer is learned.
public struct MetaTrainingSpec: Sendable, Hashable {
    /// How the learning rate falls over all meta-steps.
    public enum LearningRateDecay: String, Sendable, CaseIterable {
        case none
        /// Half a cosine wave from the learning rate to 0.
        case cosine
        /// Geometrically from the learning rate to a hundredth of it.
        case exponential
    }

    /// When the optimizer learned so far is evaluated, so that the best one is kept.
    public struct Evaluation: Sendable, Hashable {
        public let settings: Settings

        /// Epochs from one evaluation to the next.
        public var every: Int { settings.integer("every") }
        /// Optimizations whose mean final loss is taken.
        public var epochs: Int { settings.integer("epochs") }
    }

    /// How the gradient of the meta-loss is found.
    public enum Estimator: Sendable, Hashable {
        case truncatedBackpropagation
        /// By meta-losses at perturbed meta-parameters; `deviation` is that of the perturbations.
        case evolutionStrategies(deviation: Double, pairs: Int)
        /// The same with particles that go on from unroll to unroll.
        case persistentEvolutionStrategies(deviation: Double, pairs: Int)
        /// A guide's changes are imitated.
        case imitation(guide: UpdateRuleSpec, poolSize: Int, pairsPerStep: Int, batchSize: Int, ownShare: Double)
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
    public var learningRateDecay: LearningRateDecay { settings.choice("learningRateDecay") }
    /// The norm that longer meta-gradients are scaled to; `nil` for no limit.
    public var gradientClip: Double? { settings.number(ifGiven: "gradientClip") }
    /// How much of the running average of the meta-parameters stays at each meta-step; 0 for no average.
    public var averaging: Double { settings.number("averaging") }
    /// What changes the meta-parameters of the first generation.
    public var metaOptimizer: MetaOptimizer {
        let rule = settings.settings("metaOptimizer")
        if rule.text("kind") == "stored" { return .stored(name: rule.text("name")) }
        var numbers = rule.values.compactMapValues(\.double)
        numbers["learningRate"] = learningRate
        return .rule(UpdateRuleSpec(kind: rule.text("kind"), settings: numbers))
    }
    /// How many optimizers are learned, each after the first by the one before it.
    public var generations: Int { settings.integer(ifGiven: "generations") ?? 1 }
    /// `NAME` or `NAME@HASH` of the learned optimizer to begin with; `nil` to begin at random.
    public var initial: String? { settings.text(ifGiven: "initial") }
    /// Learned optimizers of the journal that it needs.
    public var storedNames: [String] { [metaOptimizer.storedName, initial].compactMap(\.self) }
    public var secondDerivatives: Bool { settings.flag("secondDerivatives") }
    public var estimator: Estimator {
        guard let estimator = settings.settings(ifGiven: "estimator") else { return .truncatedBackpropagation }
        let kind = estimator.text("kind")
        switch kind {
        case "truncatedBackpropagation": return .truncatedBackpropagation
        case "evolutionStrategies":
            return .evolutionStrategies(deviation: estimator.number("deviation"), pairs: estimator.integer("pairs"))
        case "persistentEvolutionStrategies":
            return .persistentEvolutionStrategies(
                deviation: estimator.number("deviation"), pairs: estimator.integer("pairs"))
        case "imitation":
            let guide = estimator.settings("guide")
            return .imitation(
                guide: UpdateRuleSpec(
                    kind: guide.text("kind"), settings: guide.values.compactMapValues(\.double)),
                poolSize: estimator.integer("poolSize"), pairsPerStep: estimator.integer("pairsPerStep"),
                batchSize: estimator.integer("batchSize"), ownShare: estimator.number("ownShare"))
        default: preconditionFailure("nothing reads the estimator \(kind) of the vocabulary")
        }
    }
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
