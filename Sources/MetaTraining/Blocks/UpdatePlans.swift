import Optimizers
import TensorEngine

/// The plans of one step of an optimizer on a block of coordinates, and where they read and write.
final class UpdatePlans<Scalar: TensorScalar>: Sendable {
    /// What of the step depends on the meta-parameters alone, and is the same for all blocks.
    let shared: Plan<Scalar>
    /// What the shared plan computes for the other one.
    let handed: HandedValues
    /// All else. The new parameters and state may be written over the old ones.
    let own: Plan<Scalar>
    /// What `own` was compiled from.
    let graph: Graph
    let metaParameters: VectorSlots<InputSlot>
    /// The schedule values, a scalar each.
    let schedule: VectorSlots<InputSlot>
    /// `[1, block length]`, as the gradient.
    let parameters: InputSlot
    let gradient: InputSlot
    /// What the optimizer is told beside, `[rows, block length]`; nil where it is told nothing.
    let local: InputSlot?
    /// Tensors `[features, block length]`.
    let state: VectorSlots<InputSlot>
    /// The first output, so that `Plan.separating` can take apart what it alone needs.
    let newParameters: OutputSlot
    let newState: VectorSlots<OutputSlot>

    /// - Parameter localRows: how many numbers the optimizer is told of each coordinate.
    init(_ optimizer: any CoordinatewiseOptimizer, blockLength: Int, localRows: Int) {
        let trace = Trace()
        let metaParameters = trace.inputs(optimizer.metaParameters.map(\.shape))
        let schedule = trace.inputs(Array(repeating: .scalar, count: optimizer.scheduleCount))
        let coordinates = Coordinates(
            parameter: trace.input([1, blockLength]), gradient: trace.input([1, blockLength]),
            local: localRows > 0 ? trace.input([localRows, blockLength]) : nil,
            state: trace.inputs(optimizer.stateFeatures.map { [$0, blockLength] }), schedule: schedule)
        self.metaParameters = VectorSlots(metaParameters)
        self.schedule = VectorSlots(schedule)
        parameters = coordinates.parameter.inputSlot
        gradient = coordinates.gradient.inputSlot
        local = coordinates.local?.inputSlot
        state = VectorSlots(coordinates.state)
        let updated = optimizer.update(coordinates, metaParameters: metaParameters)
        newParameters = trace.output(updated.parameter, overwriting: parameters)
        newState = trace.outputs(updated.state, overwriting: state)
        let hoisted = trace.graph().hoisting(self.metaParameters.slots)
        shared = Plan(hoisted.shared)
        handed = hoisted.handed
        own = Plan(hoisted.rest)
        graph = hoisted.rest
    }
}
