import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Optimizers

/// All that specs may name, each by one adapter that has its format and knows how it is made of settings.
///
/// ``standard`` is the program's own list. Whoever brings something of their own adds it, and hands the list on to
/// where specs are read and run:
///
///     var registry = Registry.standard
///     registry.add(UpdateRuleKind.signDescent)
///     let spec = try ExperimentSpec(text, file: "mine.json", vocabulary: registry.vocabulary)
///
/// Within a list, names are in the order in which messages, schema and reference page have them.
public struct Registry: Sendable {
    private var updateRules: [UpdateRuleKind]
    /// The first is the default.
    private var learnedOptimizers: [LearnedOptimizerKind]
    /// The first is the default.
    private var estimators: [EstimatorKind]

    /// What the program knows.
    public static let standard = Registry(
        updateRules: [
            .gradientDescent, .momentum, .nesterov, .adagrad, .rootMeanSquarePropagation, .adam, .adamW, .deltaRule,
            .hessianFree, .muon, .shampoo,
        ],
        learnedOptimizers: [.recurrent, .relativeGradient, .perceptron, .teacher],
        estimators: [
            .truncatedBackpropagation, .evolutionStrategies, .persistentEvolutionStrategies, .imitation,
        ])

    /// Adds a hand-designed optimizer.
    ///
    /// - Precondition: no optimizer is called so yet.
    public mutating func add(_ rule: UpdateRuleKind) {
        precondition(isFree(rule.kind.name), "there is an optimizer called \(rule.kind.name) already")
        updateRules.append(rule)
    }

    /// Adds a learned optimizer.
    ///
    /// - Precondition: no optimizer is called so yet.
    public mutating func add(_ optimizer: LearnedOptimizerKind) {
        precondition(isFree(optimizer.kind.name), "there is an optimizer called \(optimizer.kind.name) already")
        learnedOptimizers.append(optimizer)
    }

    private func isFree(_ optimizer: String) -> Bool {
        !(updateRules.map(\.kind) + learnedOptimizers.map(\.kind)).contains { $0.name == optimizer }
    }

    /// What specs may name, for whoever reads them; all but kinds of trials.
    public var vocabulary: Vocabulary {
        let guides = updateRules.filter(\.isCoordinatewise).map(\.kind)
        return Vocabulary(
            problems: Vocabulary.standardProblems, updateRules: updateRules.map(\.kind),
            learnedOptimizers: learnedOptimizers.map(\.kind), estimators: estimators.map { $0.format(guides) },
            usualMetaOptimizer: "adam", learningRateDecays: LearningRate.Decay.allCases.map(\.rawValue))
    }
}

/// Makes things of what specs say of them.
extension Registry {
    /// A hand-designed optimizer.
    ///
    /// - Parameters:
    ///   - decay: how its learning rate falls.
    ///   - steps: over how many steps it falls.
    public func optimizer(
        _ spec: UpdateRuleSpec, decay: LearningRate.Decay = .none, steps: Int = 1
    ) -> any Optimizer {
        guard let rule = updateRules.first(where: { $0.kind.name == spec.kind }) else {
            preconditionFailure("the spec was read with another registry, which has the optimizer \(spec.kind)")
        }
        return rule.optimizer(spec.settings, decay: decay, steps: steps)
    }

    /// A learned optimizer, or several side by side, whose weights are kept apart.
    public func optimizers(_ spec: LearnedOptimizerSpec) -> ParameterGroups {
        guard let groups = spec.groups else { return ParameterGroups(optimizer(spec.settings)) }
        return ParameterGroups(
            groups.map { ParameterGroups.Group(NamePattern($0.match), optimizer($0.optimizer)) })
    }

    /// A learned optimizer or a hand-designed one, by its kind.
    private func optimizer(_ settings: Settings) -> any Optimizer {
        let name = settings.text("kind")
        guard let learned = learnedOptimizers.first(where: { $0.kind.name == name }) else {
            return optimizer(UpdateRuleSpec(settings))
        }
        return learned.make(settings)
    }

    /// How the gradient of a meta-training's meta-loss is found.
    public func estimation(_ spec: MetaTrainingSpec) -> MetaGradientEstimation {
        guard let settings = spec.estimator else { return estimators[0].make(Settings([:]), spec, self) }
        let name = settings.text("kind")
        guard let estimator = estimators.first(where: { $0.name == name }) else {
            preconditionFailure("the spec was read with another registry, which has the estimator \(name)")
        }
        return estimator.make(settings, spec, self)
    }
}
