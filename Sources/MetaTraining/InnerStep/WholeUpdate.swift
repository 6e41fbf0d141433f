import Optimizers
import Problems
import TensorEngine

/// One step of an optimizer of whole tensors, compiled: what it asks of the loss is part of the same plan.
final class WholeUpdate<Scalar: TensorScalar> {
    let group: ParameterLayout.WholeGroup
    private let plans: Plans
    private let memory: PlanMemory<Scalar>
    private let schedule: ElementBuffer<Scalar>
    private let loss = ElementBuffer<Scalar>(count: 1)
    /// New values of the parameters: the old ones may be read to the end, by other optimizers too. The state is its own, and
    /// is replaced as it is computed.
    private let results: [ElementBuffer<Scalar>]

    /// - Parameter problem: what its parameters are the optimizee's of; nil for meta-parameters.
    init(_ group: ParameterLayout.WholeGroup, _ layout: ParameterLayout, _ problem: Problem?) {
        self.group = group
        plans = Plans(group, layout, problem)
        memory = plans.update.makeMemory()
        schedule = ElementBuffer(count: group.optimizer.scheduleCount)
        results = plans.newParameterShapes.map { ElementBuffer(count: $0.count) }
    }

    /// The same, which may run at the same time: only what is compiled is shared.
    init(copying other: WholeUpdate) {
        group = other.group
        plans = other.plans
        memory = plans.update.makeMemory()
        schedule = ElementBuffer(count: other.schedule.count)
        results = other.results.map { ElementBuffer(count: $0.count) }
    }

    /// What is compiled, and where it reads and writes. All slots are of the flat vectors of all groups.
    private struct Plans: Sendable {
        let update: Plan<Scalar>
        let metaParameters: VectorSlots<InputSlot>
        let schedule: VectorSlots<InputSlot>
        let gradient: VectorSlots<InputSlot>
        let loss: InputSlot
        let state: VectorSlots<InputSlot>
        let parameters: VectorSlots<InputSlot>
        let carried: VectorSlots<InputSlot>
        let minibatch: [InputSlot]
        let results: [OutputSlot]
        let newState: VectorSlots<OutputSlot>
        /// Where the results go in the end.
        let newParameterOffsets: [Int]
        let newParameterShapes: [Shape]
        /// For parameters that it is judged by in place of others: from its own parameters and its state.
        let judged: Plan<Scalar>?

        init(_ group: ParameterLayout.WholeGroup, _ layout: ParameterLayout, _ problem: Problem?) {
            let optimizer = group.optimizer
            let members = group.parameters.map { layout.parameters[$0] }
            let trace = Trace()
            let metaParameters = trace.inputs(optimizer.metaParameters.map(\.shape))
            let schedule = trace.inputs(Array(repeating: .scalar, count: optimizer.scheduleCount))
            let gradient = trace.inputs(members.map(\.shape))
            let loss = trace.input(.scalar)
            let state = trace.inputs(group.state.map(\.shape))
            let inputs = ObjectiveInputs(
                trace.inputs(layout.parameters.map(\.shape)),
                carried: trace.inputs((problem?.objective.carried ?? []).map(\.shape)),
                batch: trace.inputs(problem?.data.shapes(of: .minibatch(step: 0)) ?? []))
            let updated = group.update(
                problem, inputs, described: members, gradient: gradient, loss: loss, state: state,
                schedule: schedule, metaParameters: metaParameters, isDifferentiated: true)
            newParameterOffsets = group.parameters.map { layout.offsets[$0] }
            newParameterShapes = members.map(\.shape)
            self.metaParameters = VectorSlots(
                metaParameters, offsets: optimizer.metaParameters.offsets.map { group.metaParameters.lowerBound + $0 })
            self.schedule = VectorSlots(schedule)
            self.gradient = VectorSlots(gradient, offsets: newParameterOffsets)
            self.loss = loss.inputSlot
            self.state = VectorSlots(state, offsets: group.stateOffsets)
            parameters = VectorSlots(inputs.parameters, offsets: layout.offsets)
            carried = VectorSlots(inputs.carried)
            minibatch = inputs.batch.map(\.inputSlot)
            results = updated.parameters.map { trace.output($0) }
            newState = trace.outputs(updated.state, overwriting: self.state)
            update = Plan(trace.graph())
            judged = optimizer.isJudgedElsewhere ? Plan(WholeUpdate.judgedGraph(group, members)) : nil
        }
    }

    private static func judgedGraph(_ group: ParameterLayout.WholeGroup, _ members: [Parameter]) -> Graph {
        .tracing(members.map(\.shape) + group.state.map(\.shape)) { inputs in
            group.optimizer.judged(
                Array(inputs.prefix(members.count)), state: Array(inputs.dropFirst(members.count)))
        }
    }

    /// Where a step reads and writes; all are the flat vectors of all groups.
    struct Vectors {
        var metaParameters: UnsafeMutablePointer<Scalar>
        var gradient: UnsafeMutablePointer<Scalar>
        var loss: Double
        var parameters: UnsafeMutablePointer<Scalar>
        var state: UnsafeMutablePointer<Scalar>
        var carried: UnsafeMutablePointer<Scalar>?
        /// The tensors of the minibatch; empty where nobody asks.
        var minibatch: [UnsafeMutablePointer<Scalar>]
    }

    /// Computes a step's results; ``write(parameters:)`` puts the parameters in place, when no other group reads the old ones
    /// any more.
    ///
    /// - Parameter step: 1 for the first.
    func run(step: Int, _ vectors: Vectors, on executor: any PieceExecutor) {
        TensorElements(schedule).set(group.optimizer.scheduleValues(step: step))
        loss.start[0] = Scalar(vectors.loss)
        memory.bind(plans.metaParameters, to: vectors.metaParameters)
        memory.bind(plans.schedule, to: schedule.start)
        memory.bind(plans.gradient, to: vectors.gradient)
        memory.bind(plans.loss, to: loss.start)
        memory.bind(plans.state, to: vectors.state)
        memory.bind(plans.parameters, to: vectors.parameters)
        if let carried = vectors.carried { memory.bind(plans.carried, to: carried) }
        for (slot, pointer) in zip(plans.minibatch, vectors.minibatch) { memory.bind(slot, to: pointer) }
        for (slot, result) in zip(plans.results, results) { memory.bind(slot, to: result.start) }
        memory.bind(plans.newState, to: vectors.state)
        plans.update.run(memory, on: executor)
    }

    /// Puts the parameters of the last run in place.
    func write(parameters: UnsafeMutablePointer<Scalar>) {
        for (offset, result) in zip(plans.newParameterOffsets, results) {
            (parameters + offset).update(from: result.start, count: result.count)
        }
    }

    /// Puts the parameters that the optimizer is judged by in the place of its own.
    func judge(_ parameters: UnsafeMutablePointer<Scalar>, state: UnsafeMutablePointer<Scalar>) {
        guard let plan = plans.judged else { return }
        let memory = plan.makeMemory()
        let places = plans.newParameterOffsets.map { parameters + $0 }
        for (index, place) in (places + group.stateOffsets.map { state + $0 }).enumerated() {
            memory.bind(input: index, to: place)
        }
        for (index, buffer) in results.prefix(places.count).enumerated() {
            memory.bind(output: index, to: buffer.start)
        }
        plan.run(memory)
        for (place, result) in zip(places, results) { place.update(from: result.start, count: result.count) }
    }
}

extension ParameterLayout.WholeGroup {
    /// Whether it asks for more than the gradient, so that the minibatch must be at hand.
    var asksForMinibatch: Bool {
        !optimizer.demands.isEmpty || !(optimizer.coordinatewise?.localInputs.isEmpty ?? true)
    }

    /// One update, traced.
    ///
    /// - Parameters:
    ///   - problem: whose parameters they are; nil for meta-parameters.
    ///   - inputs: all parameters of the problem, what is carried, and the minibatch.
    ///   - described: the group's own parameters; `gradient` is by them.
    ///   - isDifferentiated: whether derivatives go through what is told of the loss's derivatives.
    func update(
        _ problem: Problem?, _ inputs: ObjectiveInputs, described: [Parameter], gradient: [Tensor], loss: Tensor,
        state: [Tensor], schedule: [Tensor], metaParameters: [Tensor], isDifferentiated: Bool
    ) -> OptimizationPoint.Updated {
        let point = point(
            problem, inputs, described: described, gradient: gradient, loss: loss, state: state, schedule: schedule,
            isDifferentiated: isDifferentiated)
        let updated = optimizer.update(point, metaParameters: metaParameters)
        precondition(
            updated.parameters.map(\.shape) == described.map(\.shape)
                && updated.state.map(\.shape) == self.state.map(\.shape),
            "\(type(of: optimizer)) returns parameters of shapes \(updated.parameters.map(\.shape)) and state of shapes "
                + "\(updated.state.map(\.shape)); asked for are \(described.map(\.shape)) and \(self.state.map(\.shape))"
        )
        return updated
    }

    /// What its optimizer sees at a step, traced; parameters are those of `update`.
    func point(
        _ problem: Problem?, _ inputs: ObjectiveInputs, described: [Parameter], gradient: [Tensor], loss: Tensor,
        state: [Tensor], schedule: [Tensor], isDifferentiated: Bool
    ) -> OptimizationPoint {
        let landscape: any Landscape =
            problem.map {
                ObjectiveLandscape($0.objective, inputs, members: parameters, isDifferentiated: isDifferentiated)
            } ?? NoLandscape()
        return OptimizationPoint(
            described: described, parameters: parameters.map { inputs.parameters[$0] }, gradient: gradient, loss: loss,
            local: local(problem, inputs, loss), state: state, schedule: schedule, landscape: landscape)
    }

    /// What a coordinatewise optimizer is told beside, `[rows, coordinates]`: as data, whoever differentiates. Of
    /// meta-parameters it is told the loss.
    private func local(_ problem: Problem?, _ inputs: ObjectiveInputs, _ loss: Tensor) -> Tensor? {
        guard let rule = optimizer.coordinatewise, !rule.localInputs.isEmpty else { return nil }
        guard let observable = problem?.observable else {
            let count = parameters.reduce(0) { $0 + inputs.parameters[$1].shape.count }
            return loss.broadcast(to: [rule.localRows(examples: 1), count])
        }
        let features = rule.localInputs.compactMap { LocalFeature(rawValue: $0.name) }
        let states = observable.localState(
            features, ofExamples: rule.looksAtExamples, parameters: inputs.parameters, batch: inputs.batch)
        return Tensor.concatenating(parameters.map { states[$0] }, axis: 1).stoppingGradient()
    }
}
