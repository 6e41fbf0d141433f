import TensorEngine

/// Where an optimization stands between two steps: what an unroll takes over from the one before.
final class InnerState<Scalar: TensorScalar> {
    /// The optimizee's, padded to whole blocks.
    let parameters: ElementBuffer<Scalar>
    let optimizerState: ElementBuffer<Scalar>
    /// The gradient that the optimizer sees next.
    let gradient: ElementBuffer<Scalar>
    /// The loss at the parameters, on the data of the step to come.
    var loss = 0.0

    init(_ blocks: CoordinateBlocks) {
        parameters = ElementBuffer(count: blocks.paddedCount)
        optimizerState = ElementBuffer(count: blocks.stateCount)
        gradient = ElementBuffer(count: blocks.paddedCount)
    }

    func copy(from other: InnerState) {
        parameters.copy(from: other.parameters)
        optimizerState.copy(from: other.optimizerState)
        gradient.copy(from: other.gradient)
        loss = other.loss
    }
}
