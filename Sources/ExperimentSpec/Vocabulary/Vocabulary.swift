/// The names that a spec may use: one entry each, and it is in the checks, the schema and the messages.
public enum Vocabulary {
    /// Datasets, by the names they have in specs.
    public static let datasets = ["mnist", "synthetic-digits"]

    /// Activation functions of students' hidden layers.
    public static let activations = StudentSpec.Activation.allCases.map(\.rawValue)

    /// How a student's weights are drawn: `paper` is normal with standard deviation 0.01.
    public static let initializations = StudentSpec.Initialization.allCases.map(\.rawValue)

    /// How the learning rate of meta-training falls over its epochs.
    public static let learningRateDecays = MetaTrainingSpec.LearningRateDecay.allCases.map(\.rawValue)

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
    ]

    /// What an evaluation may compare.
    public static let evaluatedOptimizers =
        [
            Kind("trained", "What this spec's `metaTraining` makes.", fields: [Self.label]),
            Kind(
                "stored", "A learned optimizer from the journal.",
                fields: [
                    Field(
                        "name", .text(.label),
                        "The experiment that made it: `NAME` for its newest version, `NAME@HASH` for an older one.")
                ]),
        ] + updateRules.map(\.evaluatedKind)

    /// What is optimized.
    public static let problems = [
        Kind(
            "classification", "A fully connected student that learns to tell the classes of a dataset apart.",
            fields: [
                Self.label,
                Field(
                    "dataset",
                    .shorthand(
                        key: "name",
                        ObjectFormat([
                            Field("name", .choice(datasets), "The dataset."),
                            Field(
                                "fallback", .choice(datasets), .optional,
                                "Used when the dataset is neither in the data folder nor to be fetched."),
                        ])), "What the student learns."),
                Field("student", .object(student), default: [:], "The network."),
                Self.batchSize,
                Field(
                    "initialization", .choice(initializations), .partOf("student"),
                    "Another place for the student's `initialization`."),
            ]),
        Kind(
            "quadratic", "‖Wx - y‖² with random W and y (Andrychowicz et al. 2016, section 3.1).",
            fields: [
                Self.label, Self.batchSize,
                Field("dimensions", .number(.whole(1...10_000)), default: 10, "The length of x."),
            ]),
    ]

    private static let student = ObjectFormat([
        Field(
            "hidden", .list(of: .number(.whole(1...65_536))), .defaulted([20]), alternative: "random",
            "Units of each hidden layer."),
        Field(
            "random",
            .object(
                ObjectFormat([
                    Field("layers", .bounds(.whole(1...100)), "Fewest and most hidden layers."),
                    Field("units", .bounds(.whole(1...65_536)), "Fewest and most units of a hidden layer."),
                ])), .optional, alternative: "hidden", "Hidden layers drawn afresh for every trial, from its seed."),
        Field("activation", .choice(activations), default: "sigmoid", "Of the hidden layers."),
        Field(
            "initialization", .choice(initializations), default: "paper",
            "How weights are drawn: `paper`, all normal with standard deviation 0.01, or `glorot`, Glorot normal."),
    ])

    private static let batchSize = Field("batchSize", .number(.count), default: 128, "Examples a step.")

    static let label = Field("name", .text(.label), .optional, "What it is called, in place of its kind.")
}
