import ExperimentSpec
import Formats
import Wording

extension Vocabulary {
    /// Datasets, by the names they have in specs.
    public static let datasets = [
        "mnist", "fashion-mnist", "cifar-10", "cifar-100", "cifar-100-coarse", "synthetic-digits",
    ]

    /// Activation functions of students' hidden layers.
    static let activations = StudentSpec.Activation.allCases.map(\.rawValue)

    /// What a student's answers cost.
    static let losses = ClassificationSpec.Loss.allCases.map(\.rawValue)

    /// How a student's weights are drawn.
    static let initializations = StudentSpec.Initialization.allCases.map(\.rawValue)

    /// What is optimized.
    static let standardProblems = singleProblems + [ensemble]

    /// All problems but those made of others.
    private static let singleProblems = [
        Kind(
            "classification", "A student that learns to tell the classes of a dataset apart.",
            fields: [
                Field(
                    "dataset", StudentFormat.dataset,
                    "What the student learns: a dataset, or several of which every trial draws one from its seed."),
                Field("student", .object(StudentFormat.student), default: [:], "The network."),
                batchSize,
                Field(
                    "loss", .choice(losses, withoutDerivative: ["zeroOne"]), .optional,
                    "What an answer costs: its `crossEntropy` with the label, or `zeroOne`, 1 where it is wrong. "
                        + "Optimizers see the gradient of the cross-entropy in both cases. Left out: `crossEntropy`."),
                Field(
                    "initialization", .choice(initializations), .partOf("student"),
                    "Another place for the student's `initialization`."),
            ], check: StudentFormat.repeatedDatasets),
        Kind(
            "cifar",
            "The convolutional network that Andrychowicz et al. 2016 train on CIFAR-10 (section 3.3): three layers of "
                + "16 filters, one of 32 units, all batch-normalized.",
            fields: [
                batchSize, StudentFormat.classes,
                Field(
                    "fallback", .choice(datasets), .optional, "Used when CIFAR-10 is not in the data folder."),
            ]),
        Kind("simple", "x² from 1, one coordinate."),
        Kind(
            "simple-multi", "The sum of squares of coordinates that are parameters of their own, each from 1.",
            fields: [dimensions(2, "How many coordinates there are.")]),
        Kind(
            "quadratic", "‖Wx - y‖² with random W and y (Andrychowicz et al. 2016, section 3.1).",
            fields: [batchSize, dimensions(10, "The length of x.")]),
        Kind(
            "lasso", "½‖Ax - b‖² + λ‖x‖₁ with random A and b = Ax* of a sparse x* (Chen et al. 2022).",
            fields: [
                batchSize, dimensions(50, "The length of x."),
                Field("observations", .number(.whole(1...10_000)), default: 25, "The length of b."),
                Field("regularization", .number(.nonNegative), default: 0.005, "λ."),
                Field("sparsity", .number(.share), default: 0.1, "The share of x* that is not 0."),
            ]),
        Kind(
            "rastrigin", "½‖Ax - b‖² - α cᵀcos(2πx) + αn with random A, b and c (Chen et al. 2022).",
            fields: [
                batchSize, dimensions(10, "The length of x, n."),
                Field("alpha", .number(.nonNegative), default: 10, "α: how high the waves are."),
            ]),
    ]

    private static let ensemble = Kind(
        "ensemble", "A weighted sum of problems.",
        fields: [
            Field(
                "problems", .list(of: .union(singleProblems)),
                "The problems. Parameters of the first are called `1/...`."),
            Field(
                "weights", .list(of: .number(.positive)), .optional,
                "What the losses are multiplied by, one for each problem. Left out: all 1."),
        ],
        check: { ensemble in
            guard let problems = ensemble.value["problems"]?.array, let weights = ensemble.value["weights"]?.array,
                problems.count != weights.count
            else { return [] }
            return [
                Slip(
                    .key("weights"),
                    found: "\(counted(weights.count, "weight")) for \(counted(problems.count, "problem"))",
                    allowed: "one for each problem")
            ]
        })

    private static let batchSize = Field("batchSize", .number(.count), default: 128, "Examples a step.")

    private static func dimensions(_ value: Int, _ summary: String) -> Field {
        Field("dimensions", .number(.whole(1...10_000)), default: .integer(value), summary)
    }
}
