import Optimizers
import Problems
import TensorEngine

/// The way back through one step of all groups' optimizers, compiled; the step itself is computed again.
final class StepPullback<Scalar: TensorScalar> {
    private let layout: ParameterLayout
    private let carriedOffsets: [Int]
    private let plan: Plan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let schedule: ElementBuffer<Scalar>
    private let lossWeight = ElementBuffer<Scalar>(count: 1)
    /// By the parameters, the state and the meta-parameters, tensor by tensor.
    private let results: [ElementBuffer<Scalar>]

    /// - Parameters:
    ///   - layout: on whole tensors.
    ///   - secondDerivatives: whether derivatives go through the optimizee's gradient and curvature.
    init(_ problem: Problem, _ layout: ParameterLayout, secondDerivatives: Bool) {
        precondition(layout.groups.isEmpty, "the way back is that of optimizers of whole tensors")
        self.layout = layout
        let objective = problem.objective
        carriedOffsets = objective.carried.offsets
        let groups = layout.wholeGroups
        let trace = Trace()
        let metaParameters = groups.map { $0.optimizer.metaParameters.map { trace.input($0.shape) } }
        let schedules = groups.map { (0..<$0.optimizer.scheduleCount).map { _ in trace.input(.scalar) } }
        let states = groups.map { $0.state.map { trace.input($0.shape) } }
        let parameters = layout.parameters.map { trace.input($0.shape) }
        let carried = objective.carried.map { trace.input($0.shape) }
        let batch = problem.data.shapes(of: .minibatch(step: 0)).map { trace.input($0) }
        let lossWeight = trace.input(.scalar)
        let toParameters = layout.parameters.map { trace.input($0.shape) }
        let toStates = groups.map { $0.state.map { trace.input($0.shape) } }

        let inputs = ObjectiveInputs(parameters, carried: carried, batch: batch)
        let outputs = objective.evaluate(inputs).outputs
        let loss = objective.loss(outputs, batch: batch)
        let followed = objective.surrogateLoss(outputs, batch: batch) ?? loss
        let gradients = gradient(of: followed, withRespectTo: parameters).map {
            secondDerivatives ? $0 : $0.stoppingGradient()
        }
        var newParameters = parameters
        var newStates: [Tensor] = []
        for (index, group) in groups.enumerated() {
            let updated = group.update(
                problem, inputs, described: group.parameters.map { layout.parameters[$0] },
                gradient: group.parameters.map { gradients[$0] }, loss: loss, state: states[index],
                schedule: schedules[index], metaParameters: metaParameters[index], isDifferentiated: secondDerivatives)
            for (member, tensor) in zip(group.parameters, updated.parameters) { newParameters[member] = tensor }
            newStates += updated.state
        }
        let back = pullback(
            of: [followed] + newParameters + newStates,
            cotangents: [lossWeight] + toParameters + toStates.flatMap(\.self),
            withRespectTo: parameters + states.flatMap(\.self) + metaParameters.flatMap(\.self))
        plan = Plan(trace.graph(outputs: back))
        memory = plan.makeMemory()
        schedule = ElementBuffer(count: groups.reduce(0) { $0 + $1.optimizer.scheduleCount })
        results = back.map { ElementBuffer(count: $0.shape.count) }
    }

    init(copying other: StepPullback) {
        layout = other.layout
        carriedOffsets = other.carriedOffsets
        plan = other.plan
        memory = plan.makeMemory()
        schedule = ElementBuffer(count: other.schedule.count)
        results = other.results.map { ElementBuffer(count: $0.count) }
    }

    /// Takes cotangents from after a step to before it, as ``DifferentiableInnerStep``.
    func run(
        _ state: InnerState<Scalar>, minibatch: [UnsafeMutablePointer<Scalar>], lossWeight weight: Double,
        metaParameters: ElementBuffer<Scalar>, cotangents: InnerCotangents<Scalar>,
        metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) {
        let groups = layout.wholeGroups
        let values = groups.flatMap { $0.optimizer.scheduleValues(step: state.step + 1) }
        for (index, value) in values.enumerated() { schedule.start[index] = Scalar(value) }
        lossWeight.start[0] = Scalar(weight)
        let metaOffsets = groups.flatMap { group in
            group.optimizer.metaParameters.offsets.map { group.metaParameters.lowerBound + $0 }
        }
        let stateOffsets = groups.flatMap(\.stateOffsets)
        var input = 0
        func bind(_ pointer: UnsafeMutablePointer<Scalar>) {
            memory.bind(input: input, to: pointer)
            input += 1
        }
        for offset in metaOffsets { bind(metaParameters.start + offset) }
        for index in values.indices { bind(schedule.start + index) }
        for offset in stateOffsets { bind(state.optimizerState.start + offset) }
        for offset in layout.offsets { bind(state.parameters.start + offset) }
        for offset in carriedOffsets { bind(state.carried.start + offset) }
        for pointer in minibatch { bind(pointer) }
        bind(lossWeight.start)
        for offset in layout.offsets { bind(cotangents.parameters.start + offset) }
        for offset in stateOffsets { bind(cotangents.optimizerState.start + offset) }
        for (index, buffer) in results.enumerated() { memory.bind(output: index, to: buffer.start) }
        plan.run(memory, on: executor)

        let targets =
            layout.offsets.map { cotangents.parameters.start + $0 }
            + stateOffsets.map { cotangents.optimizerState.start + $0 }
        for (target, result) in zip(targets, results) { target.update(from: result.start, count: result.count) }
        for (offset, result) in zip(metaOffsets, results.dropFirst(targets.count)) {
            for index in 0..<result.count { metaGradient.start[offset + index] += result.start[index] }
        }
    }
}
