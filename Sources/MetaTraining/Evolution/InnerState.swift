import TensorEngine

/// Where an optimization stands between two steps: what an unroll takes over from the one before.
final class InnerState<Scalar: TensorScalar> {
    /// The optimizee's, padded to whole blocks.
    let parameters: ElementBuffer<Scalar>
    let optimizerState: ElementBuffer<Scalar>
    /// The gradient that the optimizer sees next.
    let gradient: ElementBuffer<Scalar>
    /// What the optimizer is told of each parameter beside.
    let local: ElementBuffer<Scalar>
    /// The loss at the parameters, on the data of the step to come.
    var loss = 0.0

    init(_ layout: ParameterLayout) {
        parameters = ElementBuffer(count: layout.count)
        optimizerState = ElementBuffer(count: layout.stateCount)
        gradient = ElementBuffer(count: layout.count)
        local = ElementBuffer(count: layout.localCount)
    }

    func copy(from other: InnerState) {
        parameters.copy(from: other.parameters)
        optimizerState.copy(from: other.optimizerState)
        gradient.copy(from: other.gradient)
        local.copy(from: other.local)
        loss = other.loss
    }
}
