import Optimizers
import TensorEngine

/// The plans of the way back through a chunk of an optimizer's steps on a block of coordinates, and where they read and
/// write.
final class ChunkPlans<Scalar: TensorScalar>: Sendable {
    /// What depends on the meta-parameters alone, and is the same for all blocks.
    let shared: Plan<Scalar>
    /// What the shared plan computes for the next one.
    let handed: HandedValues
    /// All else. Sums and cotangents may be written over the old ones.
    let own: Plan<Scalar>
    /// From the sums over all blocks to the meta-gradient.
    let toMetaParameters: Plan<Scalar>
    let metaParameters: VectorSlots<InputSlot>
    /// The schedule values of each step, a scalar each.
    let schedule: VectorSlots<InputSlot>
    /// How much the loss after each step counts, a scalar each.
    let weights: VectorSlots<InputSlot>
    /// The loss's gradient before each step and after the last, `[1, block length]`.
    let gradients: [InputSlot]
    /// What the optimizer is told beside at each step, `[rows, block length]`; empty where it is told nothing.
    let locals: [InputSlot]
    /// Before the first step, `[1, block length]` and tensors `[features, block length]`.
    let parameters: InputSlot
    let state: VectorSlots<InputSlot>
    /// What flows to the parameters and state after the last step, in their shapes; and to those before the first.
    let cotangent: InputSlot
    let stateCotangents: VectorSlots<InputSlot>
    let newCotangent: OutputSlot
    let newStateCotangents: VectorSlots<OutputSlot>
    /// What flows to each tensor that blocks read of the meta-parameters, in its shape, summed over blocks.
    let sums: VectorSlots<InputSlot>
    let newSums: VectorSlots<OutputSlot>
    /// What flows to the first step's gradient, where that is asked for.
    let gradientCotangent: OutputSlot?
    /// Of `toMetaParameters`.
    let metaGradient: VectorSlots<OutputSlot>

    /// - Parameters:
    ///   - chunkLength: how many steps the chunk has.
    ///   - localRows: how many numbers the optimizer is told of each coordinate.
    ///   - givesGradientCotangent: whether the derivative by the first step's gradient is put out too.
    init(
        _ optimizer: any CoordinatewiseOptimizer, chunkLength: Int, blockLength: Int, localRows: Int,
        givesGradientCotangent: Bool
    ) {
        let row: Shape = [1, blockLength]
        let stateShapes = optimizer.stateFeatures.map { Shape([$0, blockLength]) }
        let trace = Trace()
        let metaParameters = trace.inputs(optimizer.metaParameters.map(\.shape))
        let schedules = (0..<chunkLength).map { _ in
            trace.inputs(Array(repeating: .scalar, count: optimizer.scheduleCount))
        }
        let weights = trace.inputs(Array(repeating: .scalar, count: chunkLength))
        let gradients = trace.inputs(Array(repeating: row, count: chunkLength + 1))
        let locals = localRows > 0 ? trace.inputs(Array(repeating: [localRows, blockLength], count: chunkLength)) : []
        let start = trace.input(row)
        let startState = trace.inputs(stateShapes)
        let cotangent = trace.input(row)
        let stateCotangents = trace.inputs(stateShapes)

        var parameter = start
        var state = startState
        var visited: [Tensor] = []
        for step in 0..<chunkLength {
            let updated = optimizer.update(
                Coordinates(
                    parameter: parameter, gradient: gradients[step], local: locals.isEmpty ? nil : locals[step],
                    state: state, schedule: schedules[step]),
                metaParameters: metaParameters)
            (parameter, state) = (updated.parameter, updated.state)
            visited.append(parameter)
        }
        var losses = zip(gradients.dropFirst(), weights).map(*)
        losses[chunkLength - 1] = losses[chunkLength - 1] + cotangent
        let read = trace.frontier(of: metaParameters, before: visited + state)
        let sums = trace.inputs(read.map(\.shape))
        let pulled = pullback(
            of: visited + state, cotangents: losses + stateCotangents,
            withRespectTo: read + [start] + startState + (givesGradientCotangent ? [gradients[0]] : []),
            independently: true)

        self.metaParameters = VectorSlots(metaParameters)
        schedule = VectorSlots(schedules.flatMap(\.self))
        self.weights = VectorSlots(weights)
        self.gradients = gradients.map(\.inputSlot)
        self.locals = locals.map(\.inputSlot)
        parameters = start.inputSlot
        self.state = VectorSlots(startState)
        self.cotangent = cotangent.inputSlot
        self.stateCotangents = VectorSlots(stateCotangents)
        self.sums = VectorSlots(sums)
        newSums = trace.outputs(zip(sums, pulled).map(+), overwriting: self.sums)
        let flowing = pulled.dropFirst(read.count)
        newCotangent = trace.output(flowing.first!, overwriting: self.cotangent)
        newStateCotangents = trace.outputs(
            Array(flowing.dropFirst().prefix(stateShapes.count)), overwriting: self.stateCotangents)
        gradientCotangent = givesGradientCotangent ? trace.output(flowing.last!) : nil
        let hoisted = trace.graph().hoisting(self.metaParameters.slots)
        shared = Plan(hoisted.shared)
        handed = hoisted.handed
        own = Plan(hoisted.rest)
        metaGradient = trace.outputs(pullback(of: read, cotangents: sums, withRespectTo: metaParameters))
        toMetaParameters = Plan(trace.graph())
    }
}
