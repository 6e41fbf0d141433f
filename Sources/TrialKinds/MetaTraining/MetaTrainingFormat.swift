import ExperimentSpec
import Formats
import MetaTraining

/// What a spec says of a meta-training.
enum MetaTrainingFormat {
    /// The defaults are those of the code published with Andrychowicz et al. 2016.
    static func format(_ vocabulary: Vocabulary) -> ObjectFormat {
        ObjectFormat(
            [
                Field(
                    "optimizer", .union(vocabulary.learnedOptimizers),
                    .defaulted(["kind": .string(vocabulary.learnedOptimizers[0].name)]),
                    alternatives: ["parameterGroups"], "The optimizer that is learned."),
                Field(
                    "parameterGroups", vocabulary.parameterGroups, .optional, alternatives: ["optimizer"],
                    "Optimizers for groups of parameters, in place of one for all."),
            ] + EpochSchedule.fields + [
                Field("learningRate", .number(.positive), default: 0.001, "Of the meta-optimizer."),
                vocabulary.learningRateDecay,
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
                    "repeats", .number(.whole(1...1000)), .implied(1),
                    "How many optimizers are trained, each from a seed of its own: replicates, of which evaluations try each "
                        + "on the same problems. With generations, each replicate has its own."),
                Field(
                    "initial", .text(.label), .optional,
                    "The experiment whose learned optimizer is the start: `NAME`, `NAME@HASH` or "
                        + "`NAME/REPLICATE`. Left out: drawn at random."
                ),
                Field(
                    "secondDerivatives", .boolean, default: false,
                    "Whether the meta-gradient goes through the optimizee's gradient."),
                Field(
                    "estimator", .union(vocabulary.estimators.map(\.kind)), .optional,
                    "How the meta-gradient is found. Left out: `\(vocabulary.estimators[0].kind.name)`."),
                Field(
                    "replay",
                    .object(
                        ObjectFormat([
                            Field("size", .number(.whole(1...100_000)), default: 200, "States that are kept."),
                            Field(
                                "keepProbability", .number(.share), default: 0.3,
                                "How likely an unroll goes on where the one before ended."),
                        ])), .optional,
                    "Experience replay of optimizees' states (Schaul et al. 2016, Chen et al. 2018), for the estimator "
                        + "`solutions`: unrolls begin again at good states where the optimizer did badly. Left out: none."
                ),
                Field(
                    "lossWeights", .choice(["equal", LossWeights.finalName]), .implied("equal"),
                    alternatives: ["lossWeightExponent"],
                    "Whether the losses after all steps count alike in the meta-loss, or the `final` one alone, after the "
                        + "last step of an epoch. Then the meta-gradient of all unrolls but an epoch's last is 0: best with "
                        + "an `unrollLength` of `steps`, or `persistentEvolutionStrategies`."),
                Field(
                    "lossWeightExponent", .number(.whole(0...100)), .implied(0), alternatives: ["lossWeights"],
                    "The loss after t of `steps` steps counts (t / steps) to this power in the meta-loss. 0 counts all alike, as "
                        + "Andrychowicz et al. 2016 do; with more, the last steps count most."),
                EpochSchedule.curriculumField,
                EpochSchedule.variedStepsField,
                EpochSchedule.growingStepsField,
                EpochSchedule.startsField,
                Field(
                    "students", .number(.whole(1...1000)), .implied(1),
                    "How many students a meta-step learns from, side by side, each at another unroll of its training: the mean "
                        + "of their meta-gradients. Work and memory grow with it."),
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
                            Field(
                                "epochs", .number(.count), default: 20, "Optimizations whose mean final loss is taken."),
                        ])), default: [:], "How the best of the learned optimizers is found."),
            ] + Safeguards.fields)
    }
}
