import Optimizers
import Problems
import TensorEngine

/// One step by the solution of a linear system, compiled: forward, and back to the meta-parameters and to what the
/// optimizer's networks remember. Back, the optimizee's parameters, its gradient and its curvature are data.
struct SolutionPlans<Scalar: TensorScalar>: Sendable {
    let forward: Forward
    let backward: Backward

    /// - Parameter layout: of one group, on whole tensors.
    init(
        _ problem: Problem, _ optimizer: any SolvingOptimizer, _ layout: ParameterLayout, _ learning: SolutionLearning
    ) {
        forward = Forward(Step(problem, optimizer, layout, learning, isDifferentiated: true))
        backward = Backward(Step(problem, optimizer, layout, learning, isDifferentiated: false))
    }

    /// What both read; all slots are of flat vectors.
    struct Inputs: Sendable {
        let metaParameters: VectorSlots<InputSlot>
        let schedule: VectorSlots<InputSlot>
        let parameters: VectorSlots<InputSlot>
        let gradient: VectorSlots<InputSlot>
        let loss: InputSlot
        let carried: VectorSlots<InputSlot>
        let minibatch: [InputSlot]
        let state: VectorSlots<InputSlot>
        /// The factor of each coordinate of the step.
        let noise: VectorSlots<InputSlot>
    }

    /// The step, traced.
    fileprivate struct Step {
        let trace = Trace()
        let optimizer: any SolvingOptimizer
        let group: ParameterLayout.WholeGroup
        let members: [Parameter]
        let inputs: Inputs
        let metaParameters: [Tensor]
        let state: [Tensor]
        /// The new parameters, the new state, and the solution's own error.
        let newParameters: [Tensor]
        let newState: [Tensor]
        let quality: Tensor

        init(
            _ problem: Problem, _ optimizer: any SolvingOptimizer, _ layout: ParameterLayout,
            _ learning: SolutionLearning, isDifferentiated: Bool
        ) {
            let group = layout.wholeGroups[0]
            let members = group.parameters.map { layout.parameters[$0] }
            let shapes = layout.parameters.map(\.shape)
            let metaParameters = trace.inputs(optimizer.metaParameters.map(\.shape))
            let schedule = trace.inputs(Array(repeating: .scalar, count: optimizer.scheduleCount))
            let gradient = trace.inputs(members.map(\.shape))
            let loss = trace.input(.scalar)
            let state = trace.inputs(group.state.map(\.shape))
            let noise = trace.inputs(members.map(\.shape))
            let inputs = ObjectiveInputs(
                trace.inputs(shapes), carried: trace.inputs(problem.objective.carried.map(\.shape)),
                batch: trace.inputs(problem.data.shapes(of: .minibatch(step: 0))))
            let point = group.point(
                problem, inputs, described: members, gradient: gradient, loss: loss, state: state,
                schedule: schedule, isDifferentiated: isDifferentiated)
            let found = optimizer.solve(point, metaParameters: metaParameters)
            let offsets = group.parameters.map { layout.offsets[$0] }
            self.optimizer = optimizer
            self.group = group
            self.members = members
            self.metaParameters = metaParameters
            self.state = state
            self.inputs = Inputs(
                metaParameters: VectorSlots(metaParameters), schedule: VectorSlots(schedule),
                parameters: VectorSlots(inputs.parameters, offsets: layout.offsets),
                gradient: VectorSlots(gradient, offsets: offsets), loss: loss.inputSlot,
                carried: VectorSlots(inputs.carried), minibatch: inputs.batch.map(\.inputSlot),
                state: VectorSlots(state, offsets: group.stateOffsets), noise: VectorSlots(noise, offsets: offsets))
            newParameters = Self.moved(point, found, TensorVector(noise), optimizer, learning)
            newState = found.state
            quality = found.quality(gradient: TensorVector(gradient))
        }

        /// The parameters after the step: bounded and with noise, as only training takes it.
        private static func moved(
            _ point: OptimizationPoint, _ found: LinearSolution, _ noise: TensorVector,
            _ optimizer: any SolvingOptimizer, _ learning: SolutionLearning
        ) -> [Tensor] {
            let parameters = TensorVector(point.parameters.map { $0.stoppingGradient() })
            let bound = parameters.norm * (learning.longestStep / optimizer.learningRate)
            // A solution of 0 is never too long.
            let scale = (bound / found.solution.norm.maximum(1e-30)).minimum(1)
            return (parameters - optimizer.learningRate * (noise * (scale * found.solution))).tensors
        }
    }

    struct Forward: Sendable {
        let plan: Plan<Scalar>
        let inputs: Inputs
        let newParameters: VectorSlots<OutputSlot>
        let newState: VectorSlots<OutputSlot>
        let quality: OutputSlot

        fileprivate init(_ step: Step) {
            inputs = step.inputs
            newParameters = step.trace.outputs(step.newParameters, offsets: step.inputs.gradient.offsets)
            newState = step.trace.outputs(step.newState, offsets: step.group.stateOffsets)
            quality = step.trace.output(step.quality)
            plan = Plan(step.trace.graph())
        }
    }

    struct Backward: Sendable {
        let plan: Plan<Scalar>
        let inputs: Inputs
        /// Of the losses, by the parameters after the step and by what the networks remember after it, one tensor after the
        /// other; that before it takes its place. These reach what shapes the system.
        let fromParameters: VectorSlots<InputSlot>
        let fromState: VectorSlots<InputSlot>
        let toState: VectorSlots<OutputSlot>
        /// Of the solutions' own errors, by what the state has for the networks that help to solve, and how much this step's
        /// counts.
        let fromSolvingState: VectorSlots<InputSlot>
        let toSolvingState: VectorSlots<OutputSlot>
        let qualityWeight: InputSlot
        let toMetaParameters: VectorSlots<OutputSlot>

        fileprivate init(_ step: Step) {
            let (trace, optimizer) = (step.trace, step.optimizer)
            let first = optimizer.recalledTensors(of: step.members)
            let behind = first + optimizer.shapingState(of: step.members)
            let (remembered, solving) = (Array(step.newState[first...]), Array(step.newState[behind...]))
            let fromParameters = trace.inputs(step.newParameters.map(\.shape))
            let fromState = trace.inputs(remembered.map(\.shape))
            let fromSolvingState = trace.inputs(solving.map(\.shape))
            let weight = trace.input(.scalar)
            let shaping = optimizer.shapingTensors

            // What solves is changed by what shapes: the first residual, which the preconditioner reads.
            let byShaping = pullback(
                of: step.newParameters + remembered, cotangents: fromParameters + fromState,
                withRespectTo: Array(step.metaParameters[..<shaping]) + Array(step.state[first...]))
            let bySolving = pullback(
                of: [step.quality] + solving, cotangents: [weight] + fromSolvingState,
                withRespectTo: Array(step.metaParameters[shaping...]) + Array(step.state[behind...]))
            let others = step.metaParameters.count - shaping
            inputs = step.inputs
            self.fromParameters = VectorSlots(fromParameters, offsets: step.inputs.gradient.offsets)
            self.fromState = VectorSlots(fromState)
            self.fromSolvingState = VectorSlots(fromSolvingState)
            qualityWeight = weight.inputSlot
            toState = trace.outputs(Array(byShaping.dropFirst(shaping)), overwriting: self.fromState)
            toSolvingState = trace.outputs(Array(bySolving.dropFirst(others)), overwriting: self.fromSolvingState)
            toMetaParameters = trace.outputs(Array(byShaping.prefix(shaping) + bySolving.prefix(others)))
            plan = Plan(trace.graph())
        }
    }
}
