import Optimizers
import Problems
import TensorEngine

/// One step of an optimizer of whole tensors, compiled: what it asks of the loss is part of the same plan.
final class WholeUpdate<Scalar: TensorScalar> {
    let group: ParameterLayout.WholeGroup
    private let compiled: Compiled
    private let memory: PlanMemory<Scalar>
    private let schedule: ElementBuffer<Scalar>
    private let loss = ElementBuffer<Scalar>(count: 1)
    /// New values of the parameters and of the state: the old ones may be read to the end.
    private let results: [ElementBuffer<Scalar>]

    /// Inputs: the optimizer's meta-parameters, its schedule, its gradient, the loss, its state, all parameters, what is
    /// carried, and the minibatch. Outputs: its parameters, its state.
    private struct Compiled: Sendable {
        let plan: Plan<Scalar>
        let metaOffsets: [Int]
        let parameterOffsets: [Int]
        let carriedOffsets: [Int]
        let batchCount: Int
        /// For parameters that it is judged by in place of others: from its own parameters and its state.
        let judged: Plan<Scalar>?
    }

    /// - Parameter problem: what its parameters are the optimizee's of; nil for meta-parameters.
    init(_ group: ParameterLayout.WholeGroup, _ layout: ParameterLayout, _ problem: Problem?) {
        let optimizer = group.optimizer
        let members = group.parameters.map { layout.parameters[$0] }
        let trace = Trace()
        let metaParameters = optimizer.metaParameters.map { trace.input($0.shape) }
        let schedule = (0..<optimizer.scheduleCount).map { _ in trace.input(.scalar) }
        let gradient = members.map { trace.input($0.shape) }
        let loss = trace.input(.scalar)
        let state = group.state.map { trace.input($0.shape) }
        let all = layout.parameters.map { trace.input($0.shape) }
        let carried = (problem?.objective.carried ?? []).map { trace.input($0.shape) }
        let batch = (problem?.data.shapes(of: .minibatch(step: 0)) ?? []).map { trace.input($0) }
        let updated = group.update(
            problem, ObjectiveInputs(all, carried: carried, batch: batch), described: members, gradient: gradient,
            loss: loss, state: state, schedule: schedule, metaParameters: metaParameters, isDifferentiated: true)
        compiled = Compiled(
            plan: Plan(trace.graph(outputs: updated.parameters + updated.state)),
            metaOffsets: optimizer.metaParameters.offsets, parameterOffsets: layout.offsets,
            carriedOffsets: (problem?.objective.carried ?? []).offsets, batchCount: batch.count,
            judged: optimizer.isJudgedElsewhere ? Plan(Self.judgedGraph(group, members)) : nil)
        self.group = group
        memory = compiled.plan.makeMemory()
        self.schedule = ElementBuffer(count: optimizer.scheduleCount)
        results = (members.map(\.shape) + group.state.map(\.shape)).map { ElementBuffer(count: $0.count) }
    }

    /// The same, which may run at the same time: only what is compiled is shared.
    init(copying other: WholeUpdate) {
        group = other.group
        compiled = other.compiled
        memory = compiled.plan.makeMemory()
        schedule = ElementBuffer(count: other.schedule.count)
        results = other.results.map { ElementBuffer(count: $0.count) }
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

    /// Computes a step's results; ``write(_:)`` puts them in place, when no other group reads the old ones any more.
    ///
    /// - Parameter step: 1 for the first.
    func run(step: Int, _ vectors: Vectors, on executor: any PieceExecutor) {
        for (index, value) in group.optimizer.scheduleValues(step: step).enumerated() {
            schedule.start[index] = Scalar(value)
        }
        loss.start[0] = Scalar(vectors.loss)
        var input = 0
        func bind(_ pointer: UnsafeMutablePointer<Scalar>) {
            memory.bind(input: input, to: pointer)
            input += 1
        }
        let metaParameters = vectors.metaParameters + group.metaParameters.lowerBound
        for offset in compiled.metaOffsets { bind(metaParameters + offset) }
        for index in 0..<schedule.count { bind(schedule.start + index) }
        for member in group.parameters { bind(vectors.gradient + compiled.parameterOffsets[member]) }
        bind(loss.start)
        for offset in group.stateOffsets { bind(vectors.state + offset) }
        for offset in compiled.parameterOffsets { bind(vectors.parameters + offset) }
        for offset in compiled.carriedOffsets { vectors.carried.map { bind($0 + offset) } }
        for pointer in vectors.minibatch { bind(pointer) }
        for (index, buffer) in results.enumerated() { memory.bind(output: index, to: buffer.start) }
        compiled.plan.run(memory, on: executor)
    }

    /// Puts the results of the last run in place.
    func write(parameters: UnsafeMutablePointer<Scalar>, state: UnsafeMutablePointer<Scalar>) {
        let targets =
            group.parameters.map { parameters + compiled.parameterOffsets[$0] } + group.stateOffsets.map { state + $0 }
        for (target, result) in zip(targets, results) { target.update(from: result.start, count: result.count) }
    }

    /// Puts the parameters that the optimizer is judged by in the place of its own.
    func judge(_ parameters: UnsafeMutablePointer<Scalar>, state: UnsafeMutablePointer<Scalar>) {
        guard let plan = compiled.judged else { return }
        let memory = plan.makeMemory()
        let places = group.parameters.map { parameters + compiled.parameterOffsets[$0] }
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
        let landscape: any Landscape =
            problem.map {
                ObjectiveLandscape($0.objective, inputs, members: parameters, isDifferentiated: isDifferentiated)
            } ?? NoLandscape()
        let updated = optimizer.update(
            OptimizationPoint(
                described: described, parameters: parameters.map { inputs.parameters[$0] }, gradient: gradient,
                loss: loss, local: local(problem, inputs, loss), state: state, schedule: schedule,
                landscape: landscape), metaParameters: metaParameters)
        precondition(
            updated.parameters.map(\.shape) == described.map(\.shape)
                && updated.state.map(\.shape) == self.state.map(\.shape),
            "\(type(of: optimizer)) returns parameters of shapes \(updated.parameters.map(\.shape)) and state of shapes "
                + "\(updated.state.map(\.shape)); asked for are \(described.map(\.shape)) and \(self.state.map(\.shape))"
        )
        return updated
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
