import Formats

extension RecurrentNetwork {
    static let fields = [
        Field(
            "layers", .list(of: .number(.units), mayBeEmpty: true), default: [20, 20],
            "Hidden units of each layer; without any, there is only a linear layer."),
        Field(
            "inputs", .union(GradientInputs.kinds), default: ["kind": "logAndSign"],
            "What is made of a gradient before the network reads it."),
        Field(
            "outputScale", .number(.positive), default: 0.01,
            "What the network's output is multiplied by to give the change of a parameter."),
        Field(
            "averagingCells", .number(.whole(0...4096)), .implied(0),
            "How many cells of each layer put out their mean over all parameters, or over all that the network reads at "
                + "a time."),
        Field(
            "lambda", .numberOrChoice(NumberRange(-1...1), ["learned"]), .implied(0),
            "A parameter also changes by lambda times itself; learned, the network puts it out for each "
                + "parameter and step, from -0.1 to 0.1."),
        Field(
            "initial", .choice(InitialWeights.allCases.map(\.rawValue)), .implied("truncatedNormal"),
            "What the weights are before meta-training: drawn with deviation 1/sqrt(fan-in), biases zero, or all "
                + "zero."),
    ]

    static func slips(_ settings: CheckedObject) -> [Slip] {
        let fewest = (settings.value["layers"]?.array ?? []).compactMap(\.integer).min()
        guard let cells = settings.value["averagingCells"]?.integer, let fewest, cells > fewest else { return [] }
        return [
            Slip(.key("averagingCells"), found: "\(cells), more than a layer has units", allowed: "at most \(fewest)")
        ]
    }

    init(_ settings: Settings) {
        self.init(
            layers: settings.integers("layers"), averagingCells: settings.integer(ifGiven: "averagingCells") ?? 0,
            inputs: GradientInputs(settings.settings("inputs")), outputScale: settings.number("outputScale"),
            feedback: settings.text(ifGiven: "lambda") == nil
                ? .fixed(settings.number(ifGiven: "lambda") ?? 0) : .learned,
            initialWeights: settings.choice(ifGiven: "initial") ?? .truncatedNormal)
    }
}
