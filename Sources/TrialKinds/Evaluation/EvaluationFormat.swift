import ExperimentSpec
import Formats

/// What a spec says of an evaluation, and of the tuning before it.
enum EvaluationFormat {
    static func format(_ vocabulary: Vocabulary) -> ObjectFormat {
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
                            "Trials of each candidate on each problem, with seeds that no evaluation uses."),
                        Field(
                            "growth", .number(.whole(0...100)), .implied(.integer(EvaluationSpec.usualTuningGrowth)),
                            "How often a list of numbers grows while its best lies at its edge: by the ratio of its two values there."
                        ),
                        Field(
                            "budget", .number(.whole(1...EvaluationChecks.mostCandidates)), .optional,
                            "How many candidates the ranges of an optimizer are searched with, all of its ranges at once."
                        ),
                    ])), default: [:], "How `tune` chooses."),
        ])
    }
}
