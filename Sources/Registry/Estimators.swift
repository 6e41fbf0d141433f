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

    /// ``PersistentEvolutionStrategies`` whose perturbations are kept.
    public static let singleEvolutionStrategies = EstimatorKind(
        "singleEvolutionStrategies",
        "Particles that go on from unroll to unroll, each with one perturbation for the whole epoch (ES-Single, Vicol "
            + "2023): its variance does not grow with the number of unrolls.",
        followsDerivatives: false, passes: bothOfPairs, fields: { _ in perturbations }
    ) { settings, _, _ in
        .persistentEvolutionStrategies(
            deviation: settings.number("deviation"), pairs: settings.integer("pairs"), keepsPerturbations: true)
    }

    /// ``CombinedGradients``.
    public static let combined = EstimatorKind(
        "combined",
        "Evolution strategies and derivatives at the same perturbed meta-parameters, weighted for each meta-parameter by "
            + "their inverse variances (Metz et al. 2019).",
        followsDerivatives: true, passes: bothOfPairs,
        fields: { _ in
            [perturbations[0], Field("pairs", .number(.whole(2...10_000)), default: 4, pairsMeaning)]
        }
    ) { settings, training, _ in
        .combined(
            deviation: settings.number("deviation"), pairs: settings.integer("pairs"),
            secondDerivatives: training.secondDerivatives)
    }

    /// ``ImitationEstimator``.
    public static let imitation = EstimatorKind(
        "imitation",
        "A teacher learns to answer to what it sees of a weight with what another optimizer does to it, from a pool "
            + "of such pairs. An unroll is so many steps of a student between two meta-steps.",
        followsDerivatives: false, weighsLosses: false,
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

    /// ``SolutionEstimator``.
    public static let solutions = EstimatorKind(
        "solutions",
        "For optimizers whose steps solve linear systems, which it is the default of (Chen et al. 2018): the damping learns "
            + "from the losses along an unroll, preconditioner and start from the solutions.",
        followsDerivatives: true, takesSecondDerivatives: false, weighsLosses: false,
        fields: { _ in
            let usual = SolutionLearning()
            return [
                Field(
                    "longestStep", .number(.positive), default: JSONValue(usual.longestStep),
                    "The longest step in training, relative to the norm of the parameters."),
                Field(
                    "noise", .number(.share), default: JSONValue(usual.noise),
                    "Each coordinate of a step is scaled by a factor within 1 ± this in training."),
                Field(
                    "lossScale", .number(.nonNegative), default: JSONValue(usual.lossScale),
                    "What the errors of the losses are multiplied by, beside those of the solutions."),
                Field(
                    "penalty", .number(.nonNegative), default: JSONValue(usual.penalty),
                    "Half of this times the square of every meta-parameter is added to the meta-loss."),
            ]
        }
    ) { settings, training, _ in
        let usual = SolutionLearning()
        func number(_ name: String, _ value: Double) -> Double { settings.number(ifGiven: name) ?? value }
        return .solutions(
            SolutionLearning(
                longestStep: number("longestStep", usual.longestStep), noise: number("noise", usual.noise),
                lossScale: number("lossScale", usual.lossScale), penalty: number("penalty", usual.penalty),
                replay: training.settings.settings(ifGiven: "replay").map {
                    .init(size: $0.integer("size"), keepProbability: $0.number("keepProbability"))
                }))
    }

    @Sendable private static func bothOfPairs(_ settings: JSONValue) -> Double {
        2 * (settings["pairs"]?.double ?? 1)
    }

    private static let perturbations = [
        Field(
            "deviation", .number(.squared), default: 0.01,
            "The standard deviation σ of each meta-parameter's perturbation."),
        Field("pairs", .number(.whole(1...10_000)), default: 8, pairsMeaning),
    ]

    private static let pairsMeaning = "Pairs of opposite perturbations a meta-step."
}
