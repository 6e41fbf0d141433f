import Formats

/// The format of a whole spec with a vocabulary.
struct SpecFormat {
    let root: Format

    init(_ vocabulary: Vocabulary) {
        root = .object(
            ObjectFormat([
                Field("$schema", .text(.any), .optional, "The JSON Schema of this format, for editors."),
                Field("name", .text(.name), "What the experiment is called in the journal."),
                Field("question", .text(.any), .optional, "What the experiment is to find out."),
                Field(
                    "seed", .number(.whole(0...TrialSeeds.largestSpecSeed)), default: 1,
                    "All randomness follows from it."),
                Field(
                    "precision", .choice(ExperimentSettings.Precision.allCases.map(\.rawValue)), default: "single",
                    "Whether numbers are `Float` or `Double`."),
                Field("problem", .union(vocabulary.namedProblems), "What is optimized."),
                Field(
                    "metaTraining", .object(Self.metaTraining(vocabulary)), .optional, "How an optimizer is learned."),
                Field("evaluation", .object(Self.evaluation(vocabulary)), .optional, "How optimizers are compared."),
                Field(
                    "sweep", .sweep, .optional,
                    "Dotted paths of this spec to lists of values to run with; several make their product."),
            ]))
    }

    /// The fields of a spec that a sweep may reach into.
    static let sweepable = ["seed", "precision", "problem", "metaTraining", "evaluation"]

    /// The defaults are those of the code published with Andrychowicz et al. 2016.
    private static func metaTraining(_ vocabulary: Vocabulary) -> ObjectFormat {
        ObjectFormat([
            Field(
                "optimizer", .union(vocabulary.learnedOptimizers),
                .defaulted(["kind": .string(vocabulary.learnedOptimizers[0].name)]),
                alternative: "parameterGroups", "The optimizer that is learned."),
            Field(
                "parameterGroups", vocabulary.parameterGroups, .optional, alternative: "optimizer",
                "Optimizers for groups of parameters, in place of one for all."),
            Field("epochs", .number(.count), default: 10_000, "Optimizations of the problem from its start."),
            Field("steps", .number(.count), default: 100, "Steps of one epoch."),
            Field(
                "unrollLength", .number(.count), .defaulted(20), defaultAtMost: "steps",
                "Steps that the meta-gradient goes back through; it divides `steps`. Left out: all of fewer `steps` than 20."
            ),
            Field("learningRate", .number(.positive), default: 0.001, "Of the meta-optimizer."),
            Field(
                "learningRateDecay", .choice(vocabulary.learningRateDecays),
                default: .string(vocabulary.learningRateDecays[0]),
                "Over all meta-steps: `cosine` to 0, `exponential` to a hundredth."),
            Field(
                "gradientClip", .number(.positive), .optional,
                "The largest norm of a meta-gradient; a longer one is scaled to it. Left out: no limit."),
            Field(
                "averaging", .number(.preciseDecay), default: 0,
                "How much of the running average of the meta-parameters stays at each meta-step. The average is what is "
                    + "evaluated and kept; 0 keeps the meta-parameters themselves."),
            Field(
                "metaOptimizer", .union(vocabulary.metaOptimizers),
                default: ["kind": .string(vocabulary.usualMetaOptimizer)],
                "What changes the meta-parameters; a learned optimizer of the journal does so by itself, without a learning "
                    + "rate."),
            Field(
                "generations", .number(.whole(1...1000)), .implied(1),
                "How many optimizers are learned one after the other: the first by `metaOptimizer`, each other one by the one "
                    + "before it."),
            Field(
                "initial", .text(.label), .optional,
                "The experiment whose learned optimizer is the start: `NAME` or `NAME@HASH`. Left out: drawn at random."
            ),
            Field(
                "secondDerivatives", .boolean, default: false,
                "Whether the meta-gradient goes through the optimizee's gradient."),
            Field(
                "estimator", .union(vocabulary.estimators.map(\.kind)), .optional,
                "How the meta-gradient is found. Left out: `\(vocabulary.estimators[0].kind.name)`."),
            Field(
                "lossWeightExponent", .number(.whole(0...100)), .implied(0),
                "The loss after t of `steps` steps counts (t / steps) to this power in the meta-loss. 0 counts all alike, as "
                    + "Andrychowicz et al. 2016 do; with more, the last steps count most."),
            Field(
                "curriculum",
                .list(
                    of: .object(
                        ObjectFormat([
                            Field("until", .number(.count), "The number of epochs after which the stage is over."),
                            Field("steps", .number(.count), "Steps of its epochs, a multiple of `unrollLength`."),
                        ]))), .optional,
                "Stages with another number of steps, one after the other, before epochs have `steps` (Chen et al. 2020). "
                    + "Evaluations always have `steps`. Left out: none."),
            Field(
                "randomScaling",
                .object(
                    ObjectFormat([
                        Field("low", .number(.scaling), "The least c."),
                        Field("high", .number(.scaling), "The greatest c."),
                    ])), .optional,
                "Random scaling (Lv et al. 2017): every epoch multiplies each of its problem's parameters by an exp(c) of "
                    + "its own, c uniform from `low` to `high`. The paper has -3 and 3. Left out: none."),
            Field(
                "evaluation",
                .object(
                    ObjectFormat([
                        Field("every", .number(.count), default: 1000, "Epochs from one evaluation to the next."),
                        Field("epochs", .number(.count), default: 20, "Optimizations whose mean final loss is taken."),
                    ])), default: [:], "How the best of the learned optimizers is found."),
        ])
    }

    private static func evaluation(_ vocabulary: Vocabulary) -> ObjectFormat {
        ObjectFormat([
            Field("steps", .number(.count), default: 100, "Steps that each optimizer takes."),
            Field(
                "repeats", .number(.whole(1...TrialSeeds.mostRepeats)), default: 20,
                "Trials of each optimizer on each problem, with seeds that all optimizers share."),
            Field("optimizers", .list(of: .union(vocabulary.evaluatedOptimizers)), "What is compared."),
            Field(
                "problems", .list(of: .overlay(of: vocabulary.namedProblems, base: "problem")), default: [[:]],
                "What they are compared on: each is `problem` with the named fields replaced."),
            Field(
                "snapshotEvery", .number(.count), .optional,
                "Steps from one recording of the optimizee's parameters to the next. Left out: only the start and the end."
            ),
            Field(
                "tuning",
                .object(
                    ObjectFormat([
                        Field(
                            "repeats", .number(.whole(1...TrialSeeds.mostRepeats)), default: 5,
                            "Trials of each candidate on each problem, with seeds that no evaluation uses.")
                    ])), default: [:], "How `tune` chooses."),
        ])
    }
}
