import ExperimentSpec
import Formats
import Nouns
import Problems

/// What a spec says of self-tuning networks.
enum SelfTuningFormat {
    static func format(_ vocabulary: Vocabulary) -> ObjectFormat {
        let problems = vocabulary.problems.map { problem in
            problem.with(problem.fields.filter { $0.name != "batchSize" })
        }
        return ObjectFormat([
            Field("problem", .union(problems), "What is learned."),
            Field(
                "hyperparameters", .list(of: .object(ObjectFormat(hyperparameter))), "What is tuned beside the weights."
            ),
            Field(
                "response", .choice(HyperResponse.allCases.map(\.rawValue)), default: "scalar",
                "How weights follow hyperparameters: by one coefficient for each example and layer, or for each unit too."
            ),
            Field(
                "centred", .boolean, .implied(false),
                "Whether weights respond to perturbations alone and are themselves those at the hyperparameters, as in "
                    + "Bae and Grosse 2020."),
            Field(
                "linearized", .boolean, .implied(false),
                "Whether weights follow the loss at the hyperparameters themselves, and the response another, of "
                    + "predictions that are linear in perturbations. Wants `centred`: both together are that paper's."),
            Field(
                "examples",
                .object(
                    ObjectFormat([
                        Field("training", .number(.count), .optional, "Trained on. Left out: all others."),
                        Field(
                            "validation", .number(.count), .optional,
                            "Validated on. Left out: a fifth of all that are used."),
                    ])), .optional,
                "How many of a dataset's training examples are used, drawn by each trial for itself."),
            Field("batchSize", .number(.count), default: 100, "Examples of a batch, in training and in validation."),
            Field("warmup", .number(.whole(0...1_000_000_000)), default: 5, "Weight steps before the first round."),
            Field("rounds", .number(.count), default: 10_000, "Rounds of weight and hyperparameter steps, at most."),
            Field("weightSteps", .number(.count), default: 2, "Weight steps of a round."),
            Field("hyperparameterSteps", .number(.count), default: 2, "Hyperparameter steps after them."),
            Field(
                "entropy", .number(.nonNegative), default: 0.001,
                "How much the entropy of the perturbations counts against the validation loss."),
            Field(
                "optimizers",
                .object(
                    ObjectFormat([
                        optimizer("weights", 0.01, "Of weights and response.", vocabulary),
                        optimizer("hyperparameters", 0.003, "Of the hyperparameters, unconstrained.", vocabulary),
                        optimizer("scales", 0.003, "Of the scales of their perturbations.", vocabulary),
                        Field(
                            "response", .union(vocabulary.settledOptimizers), .optional,
                            "Of a `linearized` response. Left out: as that of the weights."),
                    ])), default: [:], "What follows the gradients."),
            Field(
                vocabulary.learningRateDecay.name, vocabulary.learningRateDecay.format, .implied("none"),
                "How the three learning rates fall over all their steps."),
            Field(
                "target",
                .object(
                    ObjectFormat([
                        Field("metric", .text(.label), default: "distance", "What is measured after each round."),
                        Field("below", .number(.positive), "The value below which it ends."),
                    ])), .optional, "When it is good enough. Left out: all rounds are run."),
            Field(
                "snapshotEvery", .number(.count), .optional,
                "Rounds from one recording of the learned function to the next. Left out: none."),
            Field("compareWith", .object(rivals), .optional, "Other ways to find hyperparameters, on the same seeds."),
            Field(
                "repeats", .number(.whole(1...TrialSeeds.mostRepeats)), default: 20, "Trials, from seeds of their own."),
        ])
    }

    private static func optimizer(
        _ name: String, _ rate: Double, _ summary: String, _ vocabulary: Vocabulary
    ) -> Field {
        Field(
            name, .union(vocabulary.settledOptimizers),
            default: ["kind": .string(vocabulary.usualMetaOptimizer), "learningRate": JSONValue(rate)], summary)
    }

    private static let rivals = ObjectFormat([
        Field(
            "grid", .named("names of hyperparameters", of: .list(of: .number(NumberRange(-1e30...1e30)))), .optional,
            "The network with its hyperparameters fixed, for all combinations of these values."),
        Field(
            "random",
            .object(
                ObjectFormat([
                    Field(
                        "budget", .numberOrChoice(.whole(1...100_000), ["equal"]), default: "equal",
                        "Trainings with fixed hyperparameters, or as many as cost what one that tunes itself does.")
                ])), .optional, "Random search: hyperparameters drawn from their spaces, of which the best counts."),
        Field("centred", .boolean, default: false, "The same with `centred` and `linearized`."),
    ])

    private static let hyperparameter = [
        Field("name", .text(.label), .optional, "What its curves are called. Left out: its kind."),
        Field(
            "kind", .text(.label), .optional,
            "Which of the problem's hyperparameters it is. Left out: the one of that name, or the only one."),
        Field(
            "layer", .number(.whole(0...1000)), .optional,
            "Of `dropout`: the hidden layer, from 1; 0 for the pictures. Left out: all hidden layers."),
        Field("space", .union(spaces), "Where its values lie."),
        Field("initial", .number(NumberRange(-1e30...1e30)), "Its value at first."),
        Field(
            "scale", .number(.positive), default: 0.5,
            "The deviation of its perturbations at first, in unconstrained space."),
    ]

    private static let spaces = [
        interval("bounded", "Numbers between two, by a logistic function.", NumberRange(-1e30...1e30)),
        Kind("positive", "Numbers greater than 0, by log(1 + exp(u))."),
        Kind("unbounded", "All numbers."),
        interval("logBounded", "Numbers between two greater than 0, by their logarithms.", .positive),
        interval("integer", "Whole numbers between two, rounded.", .whole(-1_000_000...1_000_000)),
        Kind(
            "categorical", "Refused: choices have no derivative to follow.",
            check: { _ in
                [
                    Slip(
                        .key("kind"), found: "\"categorical\"",
                        allowed:
                            "a space of numbers, since weights respond to a hyperparameter by derivatives, and a choice has "
                            + "none; a \"sweep\" tries each choice")
                ]
            }),
    ]

    private static func interval(_ name: String, _ summary: String, _ range: NumberRange) -> Kind {
        Kind(
            name, summary,
            fields: [Field("low", .number(range), "The lowest."), Field("high", .number(range), "The highest.")],
            check: { space in
                guard let low = space.value["low"]?.double, let high = space.value["high"]?.double, low >= high else {
                    return []
                }
                return [
                    Slip(
                        found:
                            "a \"low\" of \(JSONValue(low).canonicalText) and a \"high\" of \(JSONValue(high).canonicalText)",
                        allowed: "a \"low\" below \"high\"")
                ]
            })
    }
}
