import TensorEngine

/// What a student's answer to one example costs.
public enum ClassificationLoss: String, Sendable, CaseIterable {
    /// Minus the logarithm of the label's share in the softmax.
    case crossEntropy
    /// 0 where the label's logit is the largest, else 1; where several are largest, the chance of guessing wrong among
    /// them. Its derivative is 0, so optimizers are given the gradient of the cross-entropy instead.
    case zeroOne
    /// Half the squared distance of the outputs, without a softmax, to the one-hot label, summed over classes, as in the
    /// code published with Chen et al. 2018 ("Meta-learning with Hessian-free approach").
    case squaredError

    /// Whether it is convex in the outputs.
    var isConvex: Bool {
        switch self {
        case .crossEntropy, .squaredError: true
        case .zeroOne: false
        }
    }

    /// What the outputs say, `[examples, classes]`: shares of a softmax, or with squared error the outputs themselves.
    func answers(_ logits: Tensor) -> Tensor {
        self == .squaredError ? logits : logits.logSoftmax().exponential()
    }

    /// Minus the sum over a batch, a scalar.
    ///
    /// - Parameters:
    ///   - logits: the outputs, `[examples, classes]`.
    ///   - labels: one-hot, `[examples, classes]`; a row of zeros counts for nothing.
    func negatedSum(logits: Tensor, labels: Tensor) -> Tensor { negatedParts(logits, labels).sum() }

    /// Minus the loss of each example, `[examples, 1]`.
    func negatedValues(logits: Tensor, labels: Tensor) -> Tensor { negatedParts(logits, labels).sum(axes: [1]) }

    /// Parts of minus the losses, which sum up to them, `[examples, classes]`.
    private func negatedParts(_ logits: Tensor, _ labels: Tensor) -> Tensor {
        switch self {
        case .crossEntropy:
            return labels * logits.logSoftmax()
        case .zeroOne:
            let largest = logits.isEqual(to: logits.maximum(axes: [1]))
            return labels * (largest / largest.sum(axes: [1]) - 1)
        case .squaredError:
            // A row of labels sums up to 1, or to 0 where it counts for nothing.
            return (logits - labels).squared() * (labels.sum(axes: [1]) * -0.5)
        }
    }
}
