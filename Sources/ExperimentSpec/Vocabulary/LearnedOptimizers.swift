extension Vocabulary {
    /// What a learned optimizer makes of a gradient before it reads it.
    public static let gradientInputs = [
        Kind("identity", "The gradient as it is."),
        Kind(
            "logAndSign", "Andrychowicz et al. 2016, appendix A: logarithm and sign.",
            fields: [
                Field(
                    "k", .number(.exponentiated), default: 5,
                    "Gradients below exp(-k) are scaled by exp(k); above, their logarithm is divided by k.")
            ]),
    ]

    /// Optimizers that meta-training can make.
    public static let learnedOptimizers = [
        Kind(
            "lstm", "The coordinatewise LSTM of Andrychowicz et al. 2016, one small network for every parameter.",
            fields: [
                Field(
                    "layers", .list(of: .number(units), mayBeEmpty: true), default: [20, 20],
                    "Hidden units of each layer; without any, there is only a linear layer."),
                Field(
                    "inputs", .union(gradientInputs), default: ["kind": "logAndSign"],
                    "What is made of a gradient before the network reads it."),
                Field(
                    "outputScale", .number(.positive), default: 0.01,
                    "What the network's output is multiplied by to give the change of a parameter."),
                Field(
                    "averagingCells", .number(.whole(0...4096)), .implied(0),
                    "How many cells of each layer put out their mean over all parameters, from the next step on."),
                Field(
                    "lambda", .numberOrChoice(NumberRange(minimum: -1, maximum: 1), ["learned"]), .implied(0),
                    "A parameter also changes by lambda times itself; learned, the network puts it out for each "
                        + "parameter and step, from -0.1 to 0.1."),
                Field(
                    "initial", .choice(LSTMOptimizerSpec.Initial.allCases.map(\.rawValue)), .implied("truncatedNormal"),
                    "What the weights are before meta-training: drawn with deviation 1/sqrt(fan-in), biases zero, or all "
                        + "zero."),
            ]),
        Kind(
            "rnnprop", "RNNprop (Lv, Jiang and Li 2017): an LSTM that sees gradients relative to their own size.",
            fields: [
                Field("preprocessing", .number(units), default: 20, "Units of the dense layer before the LSTM."),
                Field(
                    "layers", .list(of: .number(units), mayBeEmpty: true), default: [20, 20],
                    "Hidden units of each LSTM layer."),
                Field("beta1", .number(.decay), default: 0.95, "Decay of the average of gradients."),
                Field("beta2", .number(.decay), default: 0.95, "Decay of the average of squared gradients."),
                Field("epsilon", .number(.squared), default: 1e-8, "Its square is added to the average square."),
                Field("outputScale", .number(.positive), default: 0.1, "The longest step."),
            ]),
        Kind(
            "mlp", "The multilayer perceptron of Metz et al. 2020, on features of each parameter.",
            fields: [
                Field(
                    "hidden", .list(of: .number(units), mayBeEmpty: true), default: [32, 32],
                    "Hidden units of each layer."),
                Field(
                    "outputScale", .number(.positive), default: 0.001,
                    "What the direction is multiplied by to give the change of a parameter."),
                Field(
                    "exponentScale", .number(.positive), default: 0.001,
                    "What the magnitude is multiplied by before its exponential is taken."),
            ]),
        Kind(
            "teacher", "A perceptron that looks at each weight of a student where it stands, without gradients.",
            fields: [
                Field(
                    "inputs", .list(of: .choice(teacherInputs)),
                    default: ["input", "output", "value", "products", "target", "layer", "place", "loss"],
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
                Field("hidden", .list(of: .number(units)), default: [128, 128, 128], "Units of each hidden layer."),
                Field(
                    "output", .choice(["value", "delta", "relativeDelta"]), default: "delta",
                    "Whether it puts out the weight's new value, its change, or its change relative to its size."),
                Field("outputScale", .number(.positive), default: 0.01, "What its output is multiplied by."),
            ]),
    ]

    /// What a teacher may look at: the weight's value and gradient, and what problems tell of it.
    public static let teacherInputs = [
        "input", "output", "value", "products", "target", "layer", "place", "loss", "gradient",
    ]

    private static let units = NumberRange.whole(1...4096)
}
