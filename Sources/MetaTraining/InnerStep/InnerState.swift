import Problems
import TensorEngine

/// Where an optimization stands between two steps: one value that can be copied.
final class InnerState<Scalar: TensorScalar> {
    /// How many steps were taken.
    var step = 0
    /// The optimizee's parameters, as the layout has them.
    let parameters: ElementBuffer<Scalar>
    /// What the objective carries, one tensor after the other; and what it carries on after the step to come.
    let carried: ElementBuffer<Scalar>
    let nextCarried: ElementBuffer<Scalar>
    let optimizerState: ElementBuffer<Scalar>
    /// The gradient that the optimizer sees next, once the loss was asked for.
    let gradient: ElementBuffer<Scalar>
    /// What the optimizer is told of each parameter beside, likewise.
    let local: ElementBuffer<Scalar>
    /// The loss at the parameters, on the data of the step to come; nil before anyone asked.
    var loss: Double?

    /// - Parameter optimizerState: memory for what the optimizers remember; its own without one.
    init(_ layout: ParameterLayout, carriedCount: Int, optimizerState: ElementBuffer<Scalar>? = nil) {
        parameters = ElementBuffer(count: layout.count)
        carried = ElementBuffer(count: carriedCount)
        nextCarried = ElementBuffer(count: carriedCount)
        self.optimizerState = optimizerState ?? ElementBuffer(count: layout.stateCount)
        gradient = ElementBuffer(count: layout.count)
        local = ElementBuffer(count: layout.localCount)
    }

    func copy(from other: InnerState) {
        step = other.step
        parameters.copy(from: other.parameters)
        carried.copy(from: other.carried)
        nextCarried.copy(from: other.nextCarried)
        optimizerState.copy(from: other.optimizerState)
        gradient.copy(from: other.gradient)
        local.copy(from: other.local)
        loss = other.loss
    }
}
