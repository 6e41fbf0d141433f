import Formats

/// What specs say of a student.
enum StudentFormat {
    static let fields = [
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
            "activation", .choice(Activation.allCases.map(\.rawValue), withoutDerivative: [Activation.step.rawValue]),
            default: .string(Activation.sigmoid.rawValue),
            "Of convolutional and hidden layers. `step` is 1 above 0, else 0, and has no derivative to follow."),
        Field(
            "initialization", .choice(initializations), default: .string(Student.Initialization.paper.rawValue),
            "How weights are drawn: `paper`, all normal with standard deviation 0.01, or `glorot`, Glorot normal."),
    ]

    static let initializations = Student.Initialization.allCases.map(\.rawValue)

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
