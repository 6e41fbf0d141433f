import TensorEngine

extension Student {
    /// What is known of each weight where it stands.
    ///
    /// - Parameters:
    ///   - ofExamples: whether it is told of each example on its own.
    ///   - images: `[examples, inputs]`.
    ///   - labels: one-hot, `[examples, classes]`.
    /// - Returns: for each weight matrix a tensor `[rows, elements]`; of examples `[examples · rows, elements]`.
    func localState(
        _ features: [LocalFeature], ofExamples: Bool, _ weights: [Tensor], images: Tensor, labels: Tensor,
        loss: ClassificationLoss
    ) -> [Tensor] {
        var values = [images]
        for (layer, weight) in weights.enumerated() {
            let sums = values[layer].dense(weight)
            values.append(layer < weights.count - 1 ? activation(sums) : sums)
        }
        let logits = values[weights.count]
        values[weights.count] = logits.logSoftmax().exponential()
        let losses = -loss.negatedValues(logits: logits, labels: labels)
        return weights.indices.map { layer in
            let isOutput = layer == weights.count - 1
            let view = LayerView(
                ofExamples: ofExamples, input: values[layer], output: values[layer + 1], weight: weights[layer],
                targets: isOutput ? labels : nil, losses: losses,
                depth: weights.count == 1 ? 1 : Double(layer) / Double(weights.count - 1),
                activation: isOutput ? nil : activation)
            let rows = features.flatMap(view.rows)
            let (count, elements) = (rows[0].shape[0], weights[layer].shape.count)
            return Tensor.concatenating(rows.map { $0.reshaped([count, 1, elements]) }, axis: 1)
                .reshaped([count * rows.count, elements])
        }
    }
}
