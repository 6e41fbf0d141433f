import Problems
import TensorEngine

/// Jᵀ H J v, with J the derivative of the logits and H the loss's second derivative by them.
///
/// - Parameter data: images and one-hot labels.
func gaussNewtonProduct(
    _ student: some Classifier, _ weights: [Tensor], _ directions: [Tensor], _ data: [Tensor]
) -> [Tensor] {
    let logits = student.logits(weights, data[0])
    let along = jacobianVectorProduct(of: [logits], variables: weights, tangents: directions)[0]
    let loss = (data[1] * logits.logSoftmax()).sum() * (-1 / Double(data[0].shape[0]))
    let slope = gradient(of: loss, withRespectTo: [logits])[0]
    let bent = jacobianVectorProduct(of: [slope], variables: [logits], tangents: [along])[0]
    return pullback(of: [logits], cotangents: [bent], withRespectTo: weights)
}
