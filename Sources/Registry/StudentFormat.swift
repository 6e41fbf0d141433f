import ExperimentSpec
import Formats

/// What a spec says of a student and of what it learns.
enum StudentFormat {
    static let dataset = Format.oneOrList(
        of: .shorthand(
            key: "name",
            ObjectFormat([
                Field("name", .choice(Vocabulary.datasets), "The dataset."),
                Field(
                    "fallback", .choice(Vocabulary.datasets), .optional,
                    "Used when the dataset is neither in the data folder nor to be fetched."),
                classes,
            ])))

    /// A list of datasets to draw from has each once: twice would draw it twice as often.
    @Sendable static func repeatedDatasets(_ problem: CheckedObject) -> [Slip] {
        // Another fallback doesn't make it another dataset.
        let datasets = (problem.value["dataset"]?.array ?? []).map { dataset in
            dataset.object?.filter { $0.key != "fallback" }
        }
        return datasets.indices.compactMap { index in
            guard let dataset = datasets[index], let first = datasets[..<index].firstIndex(of: dataset),
                problem.isRight(.key("dataset"), .index(index))
            else { return nil }
            return Slip(
                .key("dataset"), .index(index),
                found: "the same dataset as \(problem.path(of: .key("dataset"), .index(first)))",
                allowed: "datasets that differ in \"name\" or in \"classes\"")
        }
    }

    /// Andrychowicz et al. 2016, section 3.3: an optimizer trained on some classes is evaluated on the others.
    static let classes = Field(
        "classes", .distinct(.whole(0...255)), .optional,
        "The classes that are trained and tested on; the first becomes class 0. Left out: all.")

    static let student = ObjectFormat([
        Field(
            "convolutions", .list(of: .object(convolution)), .optional,
            "Convolutional layers, before the fully connected ones."),
        Field(
            "hidden", .list(of: .number(.whole(1...65_536))), .defaulted([20]), alternative: "random",
            notDefaultedBeside: "convolutions",
            "Units of each fully connected hidden layer. Left out beside `convolutions`: no such layer."),
        Field(
            "random",
            .object(
                ObjectFormat([
                    Field("layers", .bounds(.whole(1...100)), "Fewest and most hidden layers."),
                    Field("units", .bounds(.whole(1...65_536)), "Fewest and most units of a hidden layer."),
                ])), .optional, alternative: "hidden", "Hidden layers drawn afresh for every trial, from its seed."),
        Field(
            "batchNormalization", .boolean, .optional,
            "Whether fully connected hidden layers are batch-normalized. Left out: not."),
        Field(
            "activation", .choice(Vocabulary.activations, withoutDerivative: ["step"]), default: "sigmoid",
            "Of convolutional and hidden layers. `step` is 1 above 0, else 0, and has no derivative to follow."),
        Field(
            "initialization", .choice(Vocabulary.initializations), default: "paper",
            "How weights are drawn: `paper`, all normal with standard deviation 0.01, or `glorot`, Glorot normal."),
    ])

    private static let convolution = ObjectFormat([
        Field(
            "kernel", .number(.whole(1...64)),
            "Height and width of the filters; images are padded to keep their size."),
        Field("channels", .number(.whole(1...65_536)), "How many filters there are."),
        Field("stride", .number(.whole(1...64)), default: 1, "Pixels from one position of the filters to the next."),
        Field(
            "batchNormalization", .boolean, default: false,
            "Whether the results are batch-normalized, with an offset that is learned and no scale."),
        Field(
            "pooling", .number(.whole(1...64)), default: 1,
            "The largest of each square of so many by so many pixels is kept; 1 keeps all."),
    ])
}
