import TensorEngine

extension Student {
    /// All that there is.
    public func observable(loss: ClassificationLoss) -> (any LocallyObservable)? {
        ObservableStudent(student: self, loss: loss)
    }
}

/// What is known of each weight of a fully connected student where it stands.
struct ObservableStudent: LocallyObservable {
    let student: Student
    let loss: ClassificationLoss

    var localFeatures: [LocalFeature] { LocalFeature.allCases }

    /// - Parameters:
    ///   - parameters: the weight matrices.
    ///   - batch: images, `[examples, inputs]`, and one-hot labels, `[examples, classes]`.
    /// - Returns: for each weight matrix a tensor `[rows, elements]`; of examples `[examples · rows, elements]`.
    func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters weights: [Tensor], batch: [Tensor]
    ) -> [Tensor] {
        let (activation, labels) = (student.activation, batch[1])
        var values = [batch[0]]
        for (layer, weight) in weights.enumerated() {
            let sums = values[layer].dense(weight)
            values.append(layer < weights.count - 1 ? activation(sums) : sums)
        }
        let logits = values[weights.count]
        values[weights.count] = loss.answers(logits)
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
