import Optimizers
import Problems
import TensorEngine

/// The step of a meta-training by solutions, in memory of its own: forward from one state to the next, and back.
final class SolutionStep<Scalar: TensorScalar> {
    private let inner: OptimizationStep<Scalar>
    private let optimizer: any SolvingOptimizer
    private let learning: SolutionLearning
    private let plans: SolutionPlans<Scalar>
    private let forwardMemory: PlanMemory<Scalar>
    private let backwardMemory: PlanMemory<Scalar>
    private let schedule: ElementBuffer<Scalar>
    private let noise: ElementBuffer<Scalar>
    /// The loss, the solution's own error, and its weight.
    private let scalars = ElementBuffer<Scalar>(count: 3)
    private let toMetaParameters: ElementBuffer<Scalar>

    init(
        _ inner: OptimizationStep<Scalar>, _ optimizer: any SolvingOptimizer, _ learning: SolutionLearning
    ) {
        let layout = inner.optimizee.layout
        self.inner = inner
        self.optimizer = optimizer
        self.learning = learning
        plans = SolutionPlans(inner.optimizee.problem, optimizer, layout, learning)
        forwardMemory = plans.forward.plan.makeMemory()
        backwardMemory = plans.backward.plan.makeMemory()
        schedule = ElementBuffer(count: optimizer.scheduleCount)
        noise = ElementBuffer(count: layout.count)
        toMetaParameters = ElementBuffer(count: optimizer.metaParameters.elementCount)
    }

    /// Takes a step.
    ///
    /// - Parameters:
    ///   - state: before it, with its loss.
    ///   - next: where the state after it goes.
    ///   - key: of the noise; each step draws its own.
    /// - Returns: the solution's own error.
    func run(
        from state: InnerState<Scalar>, to next: InnerState<Scalar>, key: RandomKey,
        metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let plan = plans.forward
        bind(plan.inputs, of: forwardMemory, state, key: key, metaParameters)
        forwardMemory.bind(plan.newParameters, to: next.parameters.start)
        forwardMemory.bind(plan.newState, to: next.optimizerState.start)
        forwardMemory.bind(plan.quality, to: scalars.start + 1)
        plan.plan.run(forwardMemory, on: executor)
        next.carried.copy(from: state.nextCarried)
        next.step = state.step + 1
        next.loss = nil
        return Double(scalars.start[1])
    }

    /// Memory for cotangents, 0 as they are after the last step.
    func makeCotangents() -> Cotangents {
        Cotangents(
            parameters: ElementBuffer(count: inner.optimizee.layout.count),
            state: ElementBuffer(count: plans.backward.fromState.count),
            solvingState: ElementBuffer(count: plans.backward.fromSolvingState.count))
    }

    /// Derivatives of the losses by the parameters and by what the networks remember, and of the solutions' errors by what
    /// those of them remember that help to solve.
    struct Cotangents {
        let parameters: ElementBuffer<Scalar>
        let state: ElementBuffer<Scalar>
        let solvingState: ElementBuffer<Scalar>

        func clear() {
            for buffer in [parameters, state, solvingState] { buffer.clear() }
        }
    }

    /// Takes derivatives by what is after a step to those by what is before it.
    ///
    /// - Parameters:
    ///   - state: before the step.
    ///   - cotangents: by the state after it; afterwards by the state before it, where those by parameters are 0.
    ///   - qualityWeight: how much the solution's own error counts.
    ///   - metaGradient: what derivatives by the meta-parameters are added to.
    func pullBack(
        _ state: InnerState<Scalar>, key: RandomKey, metaParameters: ElementBuffer<Scalar>,
        cotangents: Cotangents, qualityWeight: Double, metaGradient: ElementBuffer<Scalar>,
        on executor: any PieceExecutor
    ) {
        let plan = plans.backward
        bind(plan.inputs, of: backwardMemory, state, key: key, metaParameters)
        scalars.start[2] = Scalar(qualityWeight)
        backwardMemory.bind(plan.fromParameters, to: cotangents.parameters.start)
        backwardMemory.bind(plan.fromState, to: cotangents.state.start)
        backwardMemory.bind(plan.fromSolvingState, to: cotangents.solvingState.start)
        backwardMemory.bind(plan.qualityWeight, to: scalars.start + 2)
        backwardMemory.bind(plan.toState, to: cotangents.state.start)
        backwardMemory.bind(plan.toSolvingState, to: cotangents.solvingState.start)
        backwardMemory.bind(plan.toMetaParameters, to: toMetaParameters.start)
        plan.plan.run(backwardMemory, on: executor)
        cotangents.parameters.clear()
        for index in 0..<toMetaParameters.count { metaGradient.start[index] += toMetaParameters.start[index] }
    }

    private func bind(
        _ inputs: SolutionPlans<Scalar>.Inputs, of memory: PlanMemory<Scalar>, _ state: InnerState<Scalar>,
        key: RandomKey, _ metaParameters: ElementBuffer<Scalar>
    ) {
        guard let loss = state.loss else { preconditionFailure("the loss before a step comes first") }
        TensorElements(schedule).set(optimizer.scheduleValues(step: state.step + 1))
        scalars.start[0] = Scalar(loss)
        var stream = RandomStream(key.derived("update noise", UInt64(state.step)))
        if learning.noise > 0 {
            TensorElements(noise).fillUniform(&stream, in: 1 - learning.noise..<1 + learning.noise)
        } else {
            TensorElements(noise).fill(1)
        }
        memory.bind(inputs.metaParameters, to: metaParameters.start)
        memory.bind(inputs.schedule, to: schedule.start)
        memory.bind(inputs.parameters, to: state.parameters.start)
        memory.bind(inputs.gradient, to: state.gradient.start)
        memory.bind(inputs.loss, to: scalars.start)
        memory.bind(inputs.carried, to: state.carried.start)
        let minibatch = inner.minibatch(ofStep: state.step)
        for (slot, pointer) in zip(inputs.minibatch, minibatch) { memory.bind(slot, to: pointer) }
        memory.bind(inputs.state, to: state.optimizerState.start)
        memory.bind(inputs.noise, to: noise.start)
    }
}
