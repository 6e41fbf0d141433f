import TensorEngine

/// What a student's answer to one example costs.
public enum ClassificationLoss: String, Sendable, CaseIterable {
    /// Minus the logarithm of the label's share in the softmax.
    case crossEntropy
    /// 0 where the label's logit is the largest, else 1; where several are largest, the chance of guessing wrong among
    /// them. Its derivative is 0, so optimizers are given the gradient of the cross-entropy instead.
    case zeroOne

    /// Minus the sum over a batch, a scalar.
    ///
    /// - Parameters:
    ///   - logits: the inputs to the softmax, `[examples, classes]`.
    ///   - labels: one-hot, `[examples, classes]`; a row of zeros counts for nothing.
    func negatedSum(logits: Tensor, labels: Tensor) -> Tensor { negatedParts(logits, labels).sum() }

    /// Minus the loss of each example, `[examples, 1]`.
    func negatedValues(logits: Tensor, labels: Tensor) -> Tensor { negatedParts(logits, labels).sum(axes: [1]) }

    /// Minus the losses where the label is, and 0 elsewhere, `[examples, classes]`.
    private func negatedParts(_ logits: Tensor, _ labels: Tensor) -> Tensor {
        switch self {
        case .crossEntropy:
            return labels * logits.logSoftmax()
        case .zeroOne:
            let largest = logits.isEqual(to: logits.maximum(axes: [1]))
            return labels * (largest / largest.sum(axes: [1]) - 1)
        }
    }
}
