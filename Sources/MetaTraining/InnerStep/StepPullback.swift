import Optimizers
import Problems
import TensorEngine

/// The way back through one step of all groups' optimizers, compiled; the step itself is computed again.
final class StepPullback<Scalar: TensorScalar> {
    private let layout: ParameterLayout
    private let plans: Plans
    private let memory: PlanMemory<Scalar>
    private let schedule: ElementBuffer<Scalar>
    private let lossWeight = ElementBuffer<Scalar>(count: 1)
    private let loss = ElementBuffer<Scalar>(count: 1)
    /// By the parameters, the state and the meta-parameters, as the vectors that they are added to or replace.
    private let toParameters: ElementBuffer<Scalar>
    private let toState: ElementBuffer<Scalar>
    private let toMetaParameters: ElementBuffer<Scalar>

    /// - Parameters:
    ///   - layout: on whole tensors.
    ///   - secondDerivatives: whether derivatives go through the optimizee's gradient and curvature.
    init(_ problem: Problem, _ layout: ParameterLayout, secondDerivatives: Bool) {
        precondition(layout.groups.isEmpty, "the way back is that of optimizers of whole tensors")
        self.layout = layout
        plans = Plans(problem, layout, secondDerivatives: secondDerivatives)
        memory = plans.plan.makeMemory()
        schedule = ElementBuffer(count: plans.schedule.count)
        toParameters = ElementBuffer(count: layout.count)
        toState = ElementBuffer(count: layout.stateCount)
        toMetaParameters = ElementBuffer(count: plans.metaParameters.count)
    }

    init(copying other: StepPullback) {
        layout = other.layout
        plans = other.plans
        memory = plans.plan.makeMemory()
        schedule = ElementBuffer(count: other.schedule.count)
        toParameters = ElementBuffer(count: other.toParameters.count)
        toState = ElementBuffer(count: other.toState.count)
        toMetaParameters = ElementBuffer(count: other.toMetaParameters.count)
    }

    /// What is compiled, and where it reads and writes.
    private struct Plans: Sendable {
        let plan: Plan<Scalar>
        let metaParameters: VectorSlots<InputSlot>
        let schedule: VectorSlots<InputSlot>
        let state: VectorSlots<InputSlot>
        let parameters: VectorSlots<InputSlot>
        let carried: VectorSlots<InputSlot>
        let minibatch: [InputSlot]
        /// The loss and its gradient before the step; none where they are computed again, to be differentiated.
        let loss: VectorSlots<InputSlot>
        let gradient: VectorSlots<InputSlot>
        let lossWeight: InputSlot
        /// Cotangents of what is after the step.
        let fromParameters: VectorSlots<InputSlot>
        let fromState: VectorSlots<InputSlot>
        /// Of what is before it.
        let toParameters: VectorSlots<OutputSlot>
        let toState: VectorSlots<OutputSlot>
        let toMetaParameters: VectorSlots<OutputSlot>

        init(_ problem: Problem, _ layout: ParameterLayout, secondDerivatives: Bool) {
            let (objective, groups, trace) = (problem.objective, layout.wholeGroups, Trace())
            let metaParameters = groups.map { trace.inputs($0.optimizer.metaParameters.map(\.shape)) }
            let schedules = groups.map { group in
                trace.inputs(Array(repeating: .scalar, count: group.optimizer.scheduleCount))
            }
            let states = groups.map { trace.inputs($0.state.map(\.shape)) }
            let shapes = layout.parameters.map(\.shape)
            let inputs = ObjectiveInputs(
                trace.inputs(shapes), carried: trace.inputs(objective.carried.map(\.shape)),
                batch: trace.inputs(problem.data.shapes(of: .minibatch(step: 0))))
            let lossWeight = trace.input(.scalar)
            let (fromParameters, fromState) = (
                trace.inputs(shapes), trace.inputs(groups.flatMap { $0.state.map(\.shape) })
            )

            let losses: [Tensor]
            let gradients: [Tensor]
            if secondDerivatives {
                let outputs = objective.evaluate(inputs).outputs
                losses = [objective.loss(outputs, batch: inputs.batch)]
                gradients = TensorEngine.gradient(
                    of: objective.followedLoss(outputs, batch: inputs.batch), withRespectTo: inputs.parameters)
            } else {
                (losses, gradients) = (trace.inputs([.scalar]), trace.inputs(shapes))
            }
            var newParameters = inputs.parameters
            var newState: [Tensor] = []
            for (index, group) in groups.enumerated() {
                let updated = group.update(
                    problem, inputs, described: group.parameters.map { layout.parameters[$0] },
                    gradient: group.parameters.map { gradients[$0] }, loss: losses[0], state: states[index],
                    schedule: schedules[index], metaParameters: metaParameters[index],
                    isDifferentiated: secondDerivatives)
                for (member, tensor) in zip(group.parameters, updated.parameters) { newParameters[member] = tensor }
                newState += updated.state
            }
            let back = pullback(
                of: newParameters + newState, cotangents: fromParameters + fromState,
                withRespectTo: inputs.parameters + states.flatMap(\.self) + metaParameters.flatMap(\.self))

            let stateOffsets = groups.flatMap(\.stateOffsets)
            let metaOffsets = groups.flatMap { group in
                group.optimizer.metaParameters.offsets.map { group.metaParameters.lowerBound + $0 }
            }
            self.metaParameters = VectorSlots(metaParameters.flatMap(\.self), offsets: metaOffsets)
            schedule = VectorSlots(schedules.flatMap(\.self))
            state = VectorSlots(states.flatMap(\.self), offsets: stateOffsets)
            parameters = VectorSlots(inputs.parameters, offsets: layout.offsets)
            carried = VectorSlots(inputs.carried)
            minibatch = inputs.batch.map(\.inputSlot)
            loss = VectorSlots(secondDerivatives ? [] : losses)
            gradient = secondDerivatives ? VectorSlots([]) : VectorSlots(gradients, offsets: layout.offsets)
            self.lossWeight = lossWeight.inputSlot
            self.fromParameters = VectorSlots(fromParameters, offsets: layout.offsets)
            self.fromState = VectorSlots(fromState, offsets: stateOffsets)
            let byParameters = zip(back, gradients).map { $0 + lossWeight.broadcast(to: $0.shape) * $1 }
            let rest = back.dropFirst(shapes.count)
            toParameters = trace.outputs(byParameters, offsets: layout.offsets)
            toState = trace.outputs(Array(rest.prefix(stateOffsets.count)), offsets: stateOffsets)
            toMetaParameters = trace.outputs(Array(rest.dropFirst(stateOffsets.count)), offsets: metaOffsets)
            plan = Plan(trace.graph())
        }
    }

    /// Takes cotangents from after a step to before it, as ``DifferentiableInnerStep``.
    func run(
        _ state: InnerState<Scalar>, minibatch: [UnsafeMutablePointer<Scalar>], lossWeight weight: Double,
        metaParameters: ElementBuffer<Scalar>, cotangents: InnerCotangents<Scalar>,
        metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) {
        guard let lossBefore = state.loss else { preconditionFailure("no step was taken from this state") }
        let values = layout.wholeGroups.flatMap { $0.optimizer.scheduleValues(step: state.step + 1) }
        TensorElements(schedule).set(values)
        lossWeight.start[0] = Scalar(weight)
        loss.start[0] = Scalar(lossBefore)
        memory.bind(plans.metaParameters, to: metaParameters.start)
        memory.bind(plans.schedule, to: schedule.start)
        memory.bind(plans.state, to: state.optimizerState.start)
        memory.bind(plans.parameters, to: state.parameters.start)
        memory.bind(plans.carried, to: state.carried.start)
        for (slot, pointer) in zip(plans.minibatch, minibatch) { memory.bind(slot, to: pointer) }
        memory.bind(plans.loss, to: loss.start)
        memory.bind(plans.gradient, to: state.gradient.start)
        memory.bind(plans.lossWeight, to: lossWeight.start)
        memory.bind(plans.fromParameters, to: cotangents.parameters.start)
        memory.bind(plans.fromState, to: cotangents.optimizerState.start)
        memory.bind(plans.toParameters, to: toParameters.start)
        memory.bind(plans.toState, to: toState.start)
        memory.bind(plans.toMetaParameters, to: toMetaParameters.start)
        plans.plan.run(memory, on: executor)
        cotangents.parameters.copy(from: toParameters)
        cotangents.optimizerState.copy(from: toState)
        for index in 0..<toMetaParameters.count { metaGradient.start[index] += toMetaParameters.start[index] }
    }
}
