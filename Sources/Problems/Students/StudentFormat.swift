import Formats
import Nouns
import Wording

/// What specs say of a student.
enum StudentFormat {
    static let fields = [
        Field(
            "convolutions", .list(of: .object(convolution)), .optional, alternatives: ["residual"],
            "Convolutional layers, before the fully connected ones."),
        Field(
            "hidden", .list(of: .number(.whole(1...65_536)), mayBeEmpty: true), .defaulted([20]),
            alternatives: ["random", "residual"], notDefaultedBeside: "convolutions",
            "Units of each fully connected hidden layer; with none, and no convolutions, a softmax regression. Left out "
                + "beside `convolutions`: no such layer."),
        Field(
            "random",
            .object(
                ObjectFormat([
                    Field("layers", .bounds(.whole(0...100)), "Fewest and most hidden layers."),
                    Field("units", .bounds(.whole(1...65_536)), "Fewest and most units of a hidden layer."),
                ])), .optional, alternatives: ["hidden", "residual"],
            "Hidden layers drawn afresh for every trial, from its seed."),
        Field(
            "batchNormalization", .boolean, .optional, alternatives: ["residual"],
            "Whether fully connected hidden layers are batch-normalized. Left out: not."),
        Field(
            "activation", .choice(Activation.allCases.map(\.rawValue), withoutDerivative: [Activation.step.rawValue]),
            .defaulted(.string(Activation.sigmoid.rawValue)), alternatives: ["residual"],
            "Of convolutional and hidden layers. `step` is 1 above 0, else 0, and has no derivative to follow."),
        Field(
            "residual", .object(ObjectFormat(ResidualFormat.fields)), .optional,
            alternatives: ["convolutions", "hidden", "random", "batchNormalization", "activation"],
            "A residual network, in place of all other layers."),
        Field(
            "initialization", InitializationFormat.format, .defaulted("paper"), notDefaultedBeside: "residual",
            InitializationFormat.meaning + " Left out beside `residual`: as that is published."),
    ]

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

    /// What is wrong between the fields of a problem's student.
    @Sendable static func slips(_ problem: CheckedObject) -> [Slip] {
        guard let student = problem.value["student"], problem.isRight(.key("student")) else { return [] }
        let slips = ResidualFormat.slips(student, at: [.key("student")])
        guard slips.isEmpty, let initialization = student["initialization"] else { return slips }
        let isBeside = problem.given["initialization"] != nil
        return InitializationFormat.slips(
            initialization, layers: weightLayers(student),
            at: (isBeside ? [] : [.key("student")]) + [.key("initialization")])
    }

    /// How many layers with weights a student has; nil where trials draw that.
    private static func weightLayers(_ student: JSONValue) -> Int? {
        if let residual = student["residual"] {
            return ResidualFormat.architecture(residual).map(ResidualStudent.weightLayerCount)
        }
        let hidden: Int
        if let bounds = student["random"]?["layers"]?.array {
            guard bounds.first == bounds.last, let count = bounds.first?.integer else { return nil }
            hidden = count
        } else {
            hidden = student["hidden"]?.array?.count ?? 0
        }
        return (student["convolutions"]?.array?.count ?? 0) + hidden + 1
    }
}
