import Datasets
import Formats
import Nouns

extension ProblemKind {
    /// ``ClassificationFamily``.
    public static let classification = ProblemKind(
        "classification", "A student that learns to tell the classes of a dataset apart.",
        fields: { names in
            [
                Field(
                    "dataset", DatasetSpec.format(names),
                    "What the student learns: a dataset, or several of which every trial draws one from its seed."),
                Field("student", .object(ObjectFormat(StudentFormat.fields)), default: [:], "The network."),
                .batchSize,
                Field(
                    "loss",
                    .choice(
                        ClassificationLoss.allCases.map(\.rawValue),
                        withoutDerivative: [ClassificationLoss.zeroOne.rawValue]), .optional,
                    "What an answer costs: its `crossEntropy` with the label, `zeroOne`, 1 where it is wrong, of which "
                        + "optimizers see the gradient of the cross-entropy, or `squaredError`, half the squared distance "
                        + "of the outputs to 1 for the label and 0 for others. Left out: `crossEntropy`."),
                Field(
                    "augmentation", .choice(PicturePreparation.Augmentation.allCases.map(\.rawValue)), .optional,
                    "How pictures that are trained on vary: `cifar` pads them by 4 pixels, crops them at random to their "
                        + "size, and mirrors half of them. Those of the final loss and of the test split stay as they are."
                ),
                Field(
                    "standardize", .choice(PicturePreparation.Standardization.allCases.map(\.rawValue)), .optional,
                    "What is done to pixels, which otherwise lie in 0 ... 1: `image` takes each picture's mean from its "
                        + "pixels, and divides them by their standard deviation."),
                Field(
                    "initialization", InitializationFormat.format, .partOf("student"),
                    "Another place for the student's `initialization`."),
            ]
        },
        check: { DatasetSpec.slips($0) + StudentFormat.slips($0) }, datasets: learned
    ) { settings, surroundings in
        let wanted = learned(settings)
        let datasets = wanted.map(surroundings.dataset)
        return ClassificationFamily(
            settings, datasets: DatasetPool(datasets), labels: zip(datasets, wanted).map { $0.label($1) })
    }

    /// The convolutional network that Andrychowicz et al. 2016 train on CIFAR-10, as in the code published with it: three
    /// convolutions of 16 filters of 5 × 5 and a hidden layer of 32 units, each with a bias, batch normalization that
    /// learns an offset and no scale, and ReLU; the largest of 2 × 2 pixels after each convolution; ten outputs without
    /// normalization. The original draws minibatches from a queue that it shuffles; here they are drawn with replacement,
    /// as for every student.
    public static let cifar = ProblemKind(
        "cifar",
        "The convolutional network that Andrychowicz et al. 2016 train on CIFAR-10 (section 3.3): three layers of "
            + "16 filters, one of 32 units, all batch-normalized.",
        fields: { names in
            [
                .batchSize, DatasetSpec.classesField, DatasetSpec.batchesField,
                Field(
                    "fallback", .choice(names.datasets), .optional,
                    "Used when CIFAR-10 is not in the data folder."),
            ]
        },
        check: { DatasetSpec.overlap($0.value["batches"]?.object ?? [:]) },
        datasets: { learned(cifarStudent($0)) }
    ) { settings, surroundings in
        classification.make(cifarStudent(settings), surroundings)
    }

    /// What a classification learns: one dataset, or several of which every student draws one.
    @Sendable private static func learned(_ settings: Settings) -> [DatasetSpec] {
        (settings.list(ifGiven: "dataset") ?? [settings.settings("dataset")]).map(DatasetSpec.init(settings:))
    }

    /// The problem `cifar`, spelled out as a classification.
    @Sendable private static func cifarStudent(_ settings: Settings) -> Settings {
        var dataset: [String: JSONValue] = ["name": "cifar-10"]
        for field in ["fallback", "classes", "batches"] { dataset[field] = settings.values[field] }
        let convolution: JSONValue = [
            "kernel": 5, "channels": 16, "stride": 1, "batchNormalization": true, "pooling": 2,
        ]
        let student: JSONValue = [
            "convolutions": [convolution, convolution, convolution], "hidden": [32], "batchNormalization": true,
            "activation": "relu", "initialization": "paper",
        ]
        return Settings([
            "dataset": .object(dataset), "student": student, "batchSize": .integer(settings.integer("batchSize")),
        ])
    }
}

extension ClassificationFamily {
    /// The students of these settings.
    ///
    /// - Parameter labels: what each dataset of the pool is called.
    fileprivate init(_ settings: Settings, datasets: DatasetPool, labels: [String]) {
        let student = settings.settings("student")
        let activation: Activation = student.choice(ifGiven: "activation") ?? .sigmoid
        func normalization(_ isNormalized: Bool?) -> ConvolutionalStudent.BatchNormalization? {
            isNormalized == true ? .init(isScaled: false) : nil
        }
        self.init(
            datasets: datasets, labels: labels, architecture: Architecture(student),
            convolutions: (student.list(ifGiven: "convolutions") ?? []).map { convolution in
                .init(
                    size: convolution.integer("kernel"), channels: convolution.integer("channels"),
                    stride: convolution.integer("stride"),
                    normalization: normalization(convolution.flag("batchNormalization")), activation: activation,
                    pooling: convolution.integer("pooling"))
            },
            normalization: normalization(student.flag(ifGiven: "batchNormalization")),
            residual: student.values["residual"].flatMap(ResidualFormat.architecture), activation: activation,
            initialization: Student.Initialization(student), batchSize: settings.integer("batchSize"),
            loss: settings.choice(ifGiven: "loss") ?? .crossEntropy,
            preparation: PicturePreparation(
                augmentation: settings.choice(ifGiven: "augmentation"),
                standardization: settings.choice(ifGiven: "standardize")))
    }
}

extension Dataset {
    /// Its name, and those of its classes and files that the spec asks for: what tells it from the others of a list.
    fileprivate func label(_ spec: DatasetSpec) -> String {
        name + (spec.classes.map { " (classes \($0.map(String.init).joined(separator: ", ")))" } ?? "")
            + (spec.settings.settings(ifGiven: "batches").map { " (batches \($0.json.canonicalText))" } ?? "")
    }
}

extension Architecture {
    /// The fully connected hidden layers of a student's settings.
    fileprivate init(_ student: Settings) {
        guard let random = student.settings(ifGiven: "random") else {
            self = .fixed(student.integers(ifGiven: "hidden") ?? [])
            return
        }
        let (layers, units) = (random.integers("layers"), random.integers("units"))
        self = .random(layers: layers[0]...layers[1], units: units[0]...units[1])
    }
}
