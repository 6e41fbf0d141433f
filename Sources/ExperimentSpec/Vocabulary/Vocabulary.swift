/// The names that a spec may use: one entry each, and it is in the checks, the schema and the messages.
public enum Vocabulary {
    /// Datasets, by the names they have in specs.
    public static let datasets = [
        "mnist", "fashion-mnist", "cifar-10", "cifar-100", "cifar-100-coarse", "synthetic-digits",
    ]

    /// Activation functions of students' hidden layers.
    public static let activations = StudentSpec.Activation.allCases.map(\.rawValue)

    /// What a student's answers cost.
    public static let losses = ClassificationSpec.Loss.allCases.map(\.rawValue)

    /// How a student's weights are drawn: `paper` is normal with standard deviation 0.01.
    public static let initializations = StudentSpec.Initialization.allCases.map(\.rawValue)

    /// How the learning rate of meta-training falls over its epochs.
    public static let learningRateDecays = MetaTrainingSpec.LearningRateDecay.allCases.map(\.rawValue)

    /// How meta-training finds the gradient of its meta-loss.
    public static let estimators = [
        Kind("truncatedBackpropagation", "Derivatives through each unroll, and no further."),
        Kind(
            "evolutionStrategies",
            "Meta-losses of each unroll at perturbed meta-parameters (Salimans et al. 2017). It needs no derivative of "
                + "the problem's loss.", fields: perturbations),
        Kind(
            "persistentEvolutionStrategies",
            "The same with particles that go on from unroll to unroll, so that truncation brings no bias (Vicol et al. "
                + "2021).", fields: perturbations),
        Kind(
            "imitation",
            "A teacher learns to answer to what it sees of a weight with what another optimizer does to it, from a pool "
                + "of such pairs. An unroll is so many steps of a student between two meta-steps.",
            fields: [
                Field(
                    "guide", .union(updateRules.map(\.groupKind)), default: ["kind": "adam"],
                    "The optimizer that is imitated, which trains the students meanwhile."),
                Field(
                    "poolSize", .number(.whole(16...1_000_000)), default: 20_000,
                    "Pairs that are kept; a new one replaces one at random. A quarter as many are held out."),
                Field(
                    "pairsPerStep", .number(.whole(1...100_000)), default: 100,
                    "Pairs that are kept of each step of a student, from each of its weight matrices alike."),
                Field("batchSize", .number(.count), default: 512, "Pairs that a meta-step learns from."),
                Field(
                    "ownShare", .number(NumberRange(minimum: 0, maximum: 1)), default: 0,
                    "The share of students that the teacher trains itself, where the guide shows what it would do (Ross et "
                        + "al. 2011)."),
            ]),
    ]

    private static let perturbations = [
        Field(
            "deviation", .number(.squared), default: 0.01,
            "The standard deviation σ of each meta-parameter's perturbation."),
        Field("pairs", .number(.whole(1...10_000)), default: 8, "Pairs of opposite perturbations a meta-step."),
    ]

    /// Hand-designed optimizers.
    public static let updateRules = [
        UpdateRule("sgd", "Gradient descent.", learningRate: 0.001),
        UpdateRule("momentum", "Gradient descent with momentum.", learningRate: 0.001, [.momentum]),
        UpdateRule("nesterov", "Gradient descent with Nesterov's momentum.", learningRate: 0.001, [.momentum]),
        UpdateRule(
            "adagrad", "Adagrad (Duchi et al. 2011).", learningRate: 0.01,
            [.epsilon(1e-10)]),
        UpdateRule(
            "rmsprop", "RMSprop (Tieleman and Hinton 2012).", learningRate: 0.01,
            [
                NumericSetting("decay", .decay, 0.9, "Decay of the average of squared gradients."),
                .epsilon(1e-8),
            ]),
        UpdateRule("adam", "Adam (Kingma and Ba 2015).", learningRate: 0.001, NumericSetting.adam),
        UpdateRule(
            "adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019).", learningRate: 0.001,
            NumericSetting.adam + [
                NumericSetting(
                    "weightDecay", .nonNegative, 0.01, "A parameter shrinks by learningRate times this a step.")
            ]),
        UpdateRule(
            "deltaRule",
            "Without a gradient, for fully connected students: the delta rule at the outputs, homeostasis in hidden layers.",
            learningRate: 0.3,
            [
                NumericSetting("biasRate", .nonNegative, 1, "How fast biases move."),
                NumericSetting("growth", .nonNegative, 0.02, "Weights into a quiet hidden neuron grow by this share."),
                NumericSetting(
                    "deviation", .nonNegative, 0.2,
                    "A hidden neuron is quiet whose output deviates less over the minibatch."),
            ]),
    ]

    /// What an evaluation may compare.
    public static let evaluatedOptimizers =
        [
            Kind(
                "trained", "What this spec's `metaTraining` makes.",
                fields: [
                    Self.label,
                    Field(
                        "generation", .number(.count), .optional, "Which of several generations. Left out: the last."),
                ]),
            storedOptimizer,
        ] + updateRules.map(\.evaluatedKind)

    static let storedOptimizer = Kind(
        "stored", "A learned optimizer from the journal.",
        fields: [
            Field(
                "name", .text(.label),
                "The experiment that made it: `NAME` for its newest version, `NAME@HASH` for an older one.")
        ])

    static let label = Field("name", .text(.label), .optional, "What it is called, in place of its kind.")
}
