import TensorEngine

extension Student {
    /// What is known of each weight where it stands.
    ///
    /// - Parameters:
    ///   - images: `[examples, inputs]`.
    ///   - labels: one-hot, `[examples, classes]`.
    /// - Returns: for each weight matrix a tensor `[rows, elements]`.
    func localState(
        _ features: [LocalFeature], _ weights: [Tensor], images: Tensor, labels: Tensor, loss: ClassificationLoss
    ) -> [Tensor] {
        let examples = images.shape[0]
        var values = [images]
        for (layer, weight) in weights.enumerated() {
            let sums = values[layer].dense(weight)
            values.append(layer < weights.count - 1 ? activation(sums) : sums)
        }
        let logits = values[weights.count]
        values[weights.count] = logits.logSoftmax().exponential()
        let losses = -loss.negatedValues(logits: logits, labels: labels)
        let meanLoss = losses.mean()
        let ones = images.constant(1, shape: [examples, 1])
        return weights.indices.map { layer in
            let view = LayerView(
                input: Tensor.concatenating([values[layer], ones], axis: 1), output: values[layer + 1],
                weight: weights[layer], targets: layer == weights.count - 1 ? labels : nil,
                losses: losses / (meanLoss + 1e-6) - 1, meanLoss: meanLoss,
                depth: weights.count == 1 ? 1 : Double(layer) / Double(weights.count - 1),
                activation: layer == weights.count - 1 ? nil : activation)
            let rows = features.flatMap(view.rows)
            return Tensor.concatenating(rows.map { $0.reshaped([1, $0.shape.count]) })
        }
    }
}

/// One layer as its weights see it.
private struct LayerView {
    /// `[examples, fan-in + 1]`, the last column 1.
    let input: Tensor
    /// `[examples, units]`.
    let output: Tensor
    /// `[fan-in + 1, units]`.
    let weight: Tensor
    /// `[examples, units]`, where the units are the outputs.
    let targets: Tensor?
    /// Relative to their mean, `[examples, 1]`.
    let losses: Tensor
    let meanLoss: Tensor
    /// From 0 for the first layer to 1 for the last.
    let depth: Double
    let activation: Activation?

    /// A feature's rows, each of the weight's shape.
    func rows(_ feature: LocalFeature) -> [Tensor] {
        switch feature {
        case .input: return [meanInput.broadcast(to: weight.shape)]
        case .output: return [meanOutput.broadcast(to: weight.shape)]
        case .products:
            return [
                mean(input, output), mean(input, losses).broadcast(to: weight.shape),
                mean(losses, output).broadcast(to: weight.shape), mean(input * losses, output),
            ]
        case .target:
            guard let targets else { return [0, 0, 0].map(filled) }
            return [mean(ones, targets).broadcast(to: weight.shape), mean(input, targets), filled(1)]
        case .layer:
            let units = weight.shape[1]
            func deviation(_ values: Tensor, _ mean: Tensor) -> Tensor {
                ((values - mean).squared().sum(axes: [1]) * (1 / Double(units)) + 1e-12).squareRoot()
            }
            let outputs = meanOutput.sum(axes: [1]) * (1 / Double(units))
            let weights = weight.sum(axes: [1]) * (1 / Double(units))
            return [outputs, deviation(meanOutput, outputs), weights, deviation(weight, weights)]
                .map { $0.broadcast(to: weight.shape) }
        case .place:
            let sizes = [weight.shape[0] - 1, weight.shape[1]].map { filled(Self.logarithm($0)) }
            return [filled(depth)] + sizes + Activation.allCases.map { filled($0 == activation ? 1 : 0) }
        case .loss: return [meanLoss.reshaped([1, 1]).broadcast(to: weight.shape)]
        }
    }

    private var ones: Tensor { input.constant(1, shape: [input.shape[0], 1]) }

    /// `[fan-in + 1, 1]`.
    private var meanInput: Tensor { mean(input, ones) }
    /// `[1, units]`.
    private var meanOutput: Tensor { mean(ones, output) }

    /// aᵀ b / examples.
    private func mean(_ a: Tensor, _ b: Tensor) -> Tensor {
        a.transposed().matrixProduct(b) * (1 / Double(a.shape[0]))
    }

    private func filled(_ value: Double) -> Tensor { weight.constant(value, shape: weight.shape) }

    /// Of a size, between 0 and about 1, by halving: the same bits everywhere, which the C library's need not be.
    private static func logarithm(_ size: Int) -> Double {
        var (whole, rest) = (0, Double(size))
        while rest >= 2 { (whole, rest) = (whole + 1, rest / 2) }
        return (Double(whole) + rest - 1) / 10
    }
}
