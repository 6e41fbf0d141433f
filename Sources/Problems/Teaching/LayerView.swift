import TensorEngine

/// One layer of a student as its weights see it: on a minibatch, or on each of its examples.
struct LayerView {
    private let ofExamples: Bool
    /// The layer's inputs, the bias's 1 among them, its outputs and the loss.
    private let input: Seen
    private let output: Seen
    private let loss: Seen
    /// `[1, fan-in + 1, units]`.
    private let weight: Tensor
    /// `[examples, 1, units]`, where the units are the outputs.
    private let targets: Tensor?
    /// From 0 for the first layer to 1 for the last.
    private let depth: Double
    private let activation: Activation?

    /// A value of every example, along the fan-in or along the units.
    private struct Seen {
        /// `[examples, …]`, as it is.
        let values: Tensor
        /// Less its mean and in units of its deviation; of single examples, as it is.
        let standardized: Tensor
        /// `[1 or examples, …]`: its mean, or the example's.
        let mean: Tensor
        /// A fourth of the logarithm of its deviation; nil of single examples.
        let logarithm: Tensor?

        init(_ values: Tensor, ofExamples: Bool) {
            self.values = values
            guard !ofExamples else {
                (standardized, mean, logarithm) = (values, values, nil)
                return
            }
            mean = LayerView.mean(values)
            let deviation = LayerView.mean((values - mean).squared() + 1e-12).squareRoot()
            standardized = (values - mean) / deviation
            logarithm = deviation.logarithm() * 0.25
        }

        private init(values: Tensor, standardized: Tensor, mean: Tensor, logarithm: Tensor?) {
            self.values = values
            self.standardized = standardized
            self.mean = mean
            self.logarithm = logarithm
        }

        /// With one more value along the fan-in, which is 1 for all examples and stays it.
        func withBias() -> Seen {
            func appending(_ value: Double, to tensor: Tensor) -> Tensor {
                Tensor.concatenating([tensor, tensor.constant(value, shape: [tensor.shape[0], 1, 1])], axis: 1)
            }
            return Seen(
                values: appending(1, to: values), standardized: appending(1, to: standardized),
                mean: appending(1, to: mean), logarithm: logarithm.map { appending(0, to: $0) })
        }
    }

    /// - Parameters:
    ///   - input: `[examples, fan-in]`.
    ///   - output: `[examples, units]`, after the activation.
    ///   - weight: `[fan-in + 1, units]`.
    ///   - targets: `[examples, units]`, where the units are the outputs.
    ///   - losses: `[examples, 1]`.
    ///   - depth: from 0 for the first layer to 1 for the last.
    ///   - activation: nil for the outputs.
    init(
        ofExamples: Bool, input: Tensor, output: Tensor, weight: Tensor, targets: Tensor?, losses: Tensor,
        depth: Double,
        activation: Activation?
    ) {
        let examples = input.shape[0]
        self.ofExamples = ofExamples
        self.input = Seen(input.reshaped([examples, input.shape[1], 1]), ofExamples: ofExamples).withBias()
        self.output = Seen(output.reshaped([examples, 1, output.shape[1]]), ofExamples: ofExamples)
        loss = Seen(losses.reshaped([examples, 1, 1]), ofExamples: ofExamples)
        self.weight = weight.reshaped([1, weight.shape[0], weight.shape[1]])
        self.targets = targets?.reshaped([examples, 1, weight.shape[1]])
        self.depth = depth
        self.activation = activation
    }

    /// A feature's rows, `[1 or examples, fan-in + 1, units]` each.
    func rows(_ feature: LocalFeature) -> [Tensor] {
        switch feature {
        case .input: return [input.mean, input.logarithm].compactMap { $0.map(spread) }
        case .output: return [output.mean, output.logarithm].compactMap { $0.map(spread) }
        case .products:
            return [
                mean(ofProductsOf: input.standardized, output.standardized),
                spread(summary(input.standardized * loss.standardized)),
                spread(summary(output.standardized * loss.standardized)),
                mean(ofProductsOf: input.standardized * loss.standardized, output.standardized),
            ]
        case .target:
            guard let targets else { return [0, 0, 0].map(filled) }
            let error = mean(ofProductsOf: input.standardized, targets - output.values)
            return [filled(1), spread(summary(targets)), error * 10]
        case .layer: return (Self.moments(output.mean) + Self.moments(weight)).map(spread)
        case .place:
            let sizes = [weight.shape[1] - 1, weight.shape[2]].map { filled(Self.logarithm($0)) }
            return [filled(depth)] + sizes + [isBias] + Activation.allCases.map { filled($0 == activation ? 1 : 0) }
        case .loss: return [spread(loss.mean)]
        }
    }

    private var examples: Int { input.values.shape[0] }

    private var shape: Shape { [ofExamples ? examples : 1, weight.shape[1], weight.shape[2]] }

    /// To every weight.
    private func spread(_ values: Tensor) -> Tensor { values.broadcast(to: shape) }

    private func filled(_ value: Double) -> Tensor { weight.constant(value, shape: shape) }

    /// 1 for the last of each unit's weights.
    private var isBias: Tensor {
        let (count, fanIn, units) = (shape[0], shape[1] - 1, shape[2])
        return Tensor.concatenating(
            [weight.constant(0, shape: [count, fanIn, units]), weight.constant(1, shape: [count, 1, units])], axis: 1)
    }

    /// The mean over examples; of single examples, each as it is.
    private func summary(_ values: Tensor) -> Tensor { ofExamples ? values : Self.mean(values) }

    /// The mean over examples, or each as it is, of products of a value along the fan-in and one along the units.
    private func mean(ofProductsOf input: Tensor, _ output: Tensor) -> Tensor {
        guard !ofExamples else { return spread(input * output) }
        let inputs = input.reshaped([examples, input.shape[1]])
        let outputs = output.reshaped([examples, output.shape[2]])
        return (inputs.transposed().matrixProduct(outputs) * (1 / Double(examples))).reshaped(shape)
    }

    private static func mean(_ values: Tensor) -> Tensor {
        (values.sum(axes: [0]) * (1 / Double(values.shape[0])))
    }

    /// Mean and deviation along the units.
    private static func moments(_ values: Tensor) -> [Tensor] {
        let share = 1 / Double(values.shape[2])
        let mean = values.sum(axes: [2]) * share
        return [mean, ((values - mean).squared().sum(axes: [2]) * share + 1e-12).squareRoot()]
    }

    /// Of a size, between 0 and about 1, by halving: the same bits everywhere, which the C library's need not be.
    private static func logarithm(_ size: Int) -> Double {
        var (whole, rest) = (0, Double(size))
        while rest >= 2 { (whole, rest) = (whole + 1, rest / 2) }
        return (Double(whole) + rest - 1) / 10
    }
}
