import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Optimizers

extension EstimatorKind {
    public static let truncatedBackpropagation = EstimatorKind(
        "truncatedBackpropagation", "Derivatives through each unroll, and no further.", followsDerivatives: true
    ) { _, training, _ in
        .truncatedBackpropagation(secondDerivatives: training.secondDerivatives)
    }

    /// ``EvolutionStrategies``.
    public static let evolutionStrategies = EstimatorKind(
        "evolutionStrategies",
        "Meta-losses of each unroll at perturbed meta-parameters (Salimans et al. 2017). It needs no derivative of "
            + "the problem's loss.",
        followsDerivatives: false, passes: bothOfPairs, fields: { _ in perturbations }
    ) { settings, _, _ in
        .evolutionStrategies(deviation: settings.number("deviation"), pairs: settings.integer("pairs"))
    }

    /// ``PersistentEvolutionStrategies``.
    public static let persistentEvolutionStrategies = EstimatorKind(
        "persistentEvolutionStrategies",
        "The same with particles that go on from unroll to unroll, so that truncation brings no bias (Vicol et al. "
            + "2021).",
        followsDerivatives: false, passes: bothOfPairs, fields: { _ in perturbations }
    ) { settings, _, _ in
        .persistentEvolutionStrategies(deviation: settings.number("deviation"), pairs: settings.integer("pairs"))
    }

    /// ``ImitationEstimator``.
    public static let imitation = EstimatorKind(
        "imitation",
        "A teacher learns to answer to what it sees of a weight with what another optimizer does to it, from a pool "
            + "of such pairs. An unroll is so many steps of a student between two meta-steps.",
        followsDerivatives: false,
        fields: { guides in
            [
                Field(
                    "guide", .union(guides), default: ["kind": .string(UpdateRuleKind.adam.kind.name)],
                    "The optimizer that is imitated, which trains the students meanwhile."),
                Field(
                    "poolSize", .number(.whole(16...1_000_000)), default: 20_000,
                    "Pairs that are kept; a new one replaces one at random. A quarter as many are held out."),
                Field(
                    "pairsPerStep", .number(.whole(1...100_000)), default: 100,
                    "Pairs that are kept of each step of a student, from each of its weight matrices alike."),
                Field("batchSize", .number(.count), default: 512, "Pairs that a meta-step learns from."),
                Field(
                    "ownShare", .number(.share), default: 0,
                    "The share of students that the teacher trains itself, where the guide shows what it would do (Ross et "
                        + "al. 2011)."),
            ]
        }
    ) { settings, _, registry in
        guard let guide = registry.optimizer(UpdateRuleSpec(settings.settings("guide"))).coordinatewise else {
            preconditionFailure("only coordinatewise rules are among the guides")
        }
        return .imitation(
            Imitation(
                guide: guide, poolSize: settings.integer("poolSize"), pairsPerStep: settings.integer("pairsPerStep"),
                batchSize: settings.integer("batchSize"), ownShare: settings.number("ownShare")))
    }

    @Sendable private static func bothOfPairs(_ settings: JSONValue) -> Double {
        2 * (settings["pairs"]?.double ?? 1)
    }

    private static let perturbations = [
        Field(
            "deviation", .number(.squared), default: 0.01,
            "The standard deviation σ of each meta-parameter's perturbation."),
        Field("pairs", .number(.whole(1...10_000)), default: 8, "Pairs of opposite perturbations a meta-step."),
    ]
}
