import Formats
import Optimizers
import Problems

// What looks at weights where they stand asks problems for local features, so that its format and its making know
// both the optimizers and the problems.

extension UpdateRuleKind {
    public static let deltaRule = UpdateRuleKind(
        "deltaRule",
        "Without a gradient, for fully connected students: the delta rule at the outputs, homeostasis in hidden layers.",
        learningRate: 0.3,
        fields: [
            Field("biasRate", .number(.nonNegative), default: 1, "How fast biases move."),
            Field(
                "growth", .number(.nonNegative), default: 0.02,
                "Weights into a quiet hidden neuron grow by this share."),
            Field(
                "deviation", .number(.nonNegative), default: 0.2,
                "A hidden neuron is quiet whose output deviates less over the minibatch."),
        ]
    ) { rate, settings in
        guard let tanh = Activation.allCases.firstIndex(of: .tanh) else { preconditionFailure("tanh is a case") }
        let placeRows = LocalFeature.place.rows(ofExamples: false)
        return DeltaRule(
            learningRate: rate, biasRate: settings.number("biasRate"), growth: settings.number("growth"),
            deviation: settings.number("deviation"), tanhRow: placeRows - Activation.allCases.count + tanh,
            placeRows: placeRows)
    }
}

extension LearnedOptimizerKind {
    /// ``TeacherOptimizer``.
    public static let teacher = LearnedOptimizerKind(
        "teacher", "A perceptron that looks at each weight of a student where it stands, without gradients.",
        fields: [
            Field(
                "inputs", .list(of: .choice(seen)), default: .array(seen.dropLast().map { .string($0) }),
                "What it looks at of each weight; `gradient` is there for comparison."),
            Field(
                "history", .list(of: .number(.decay), mayBeEmpty: true), default: [],
                "Decays of exponential averages in which it sees all its inputs once more."),
            Field(
                "recurrentUnits", .number(.whole(0...4096)), default: 0,
                "Units of an LSTM that remembers what it saw; 0 for none."),
            Field(
                "perSample", .boolean, default: false,
                "Whether it is run for each example of a minibatch and its outputs averaged, or once, on means and "
                    + "products over the minibatch."),
            Field("hidden", .list(of: .number(.units)), default: [128, 128, 128], "Units of each hidden layer."),
            Field(
                "output", .choice(TeacherOptimizer.Output.allCases.map(\.rawValue)), default: "delta",
                "Whether it puts out the weight's new value, its change, or its change relative to its size."),
            Field("outputScale", .number(.positive), default: 0.01, "What its output is multiplied by."),
        ],
        check: { teacher in
            let inputs = teacher.value["inputs"]?.array ?? []
            return inputs.indices.filter { inputs[..<$0].contains(inputs[$0]) }.map { index in
                Slip(
                    .key("inputs"), .index(index), found: "\(inputs[index].wording) again",
                    allowed: "each input once")
            }
        }
    ) { settings in
        let inputs = settings.texts("inputs")
        let ofExamples = settings.flag("perSample")
        return TeacherOptimizer(
            localInputs: inputs.compactMap(LocalFeature.init(rawValue:)).map {
                LocalInput($0.rawValue, rows: $0.rows(ofExamples: ofExamples))
            },
            looksAtExamples: ofExamples, looksAtValue: inputs.contains("value"),
            looksAtGradient: inputs.contains("gradient"), history: settings.numbers("history"),
            recurrentUnits: settings.integer("recurrentUnits"), hidden: settings.integers("hidden"),
            output: settings.choice("output"), outputScale: settings.number("outputScale"))
    }

    /// What a teacher may look at of a weight: what problems tell of it, its value, and last its gradient, which it
    /// looks at only where it is asked to.
    private static let seen: [String] = {
        var names = LocalFeature.allCases.map(\.rawValue)
        names.insert("value", at: 2)
        return names + ["gradient"]
    }()
}
