import Problems
import TensorEngine

/// A plan that reads an objective's parameters, what it carries, and a batch, and where each is bound.
struct ObjectivePlan<Scalar: TensorScalar>: Sendable {
    let plan: Plan<Scalar>
    /// Of a flat vector.
    let parameters: VectorSlots<InputSlot>
    /// Other flat vectors of the parameters' shapes.
    let vectors: [VectorSlots<InputSlot>]
    /// One tensor after the other.
    let carried: VectorSlots<InputSlot>
    let batch: [InputSlot]

    /// - Parameters:
    ///   - offsets: where each parameter begins in a flat vector.
    ///   - batch: of the form that the plan reads.
    ///   - vectors: how many vectors of the parameters' shapes it reads beside.
    ///   - body: adds the outputs to the trace.
    init(
        _ problem: Problem, offsets: [Int], _ batch: Batch, _ mode: ObjectiveMode, vectors count: Int = 0,
        _ body: (Trace, ObjectiveInputs, [[Tensor]]) -> Void
    ) {
        let shapes = problem.parameters.map(\.shape)
        let trace = Trace()
        let inputs = ObjectiveInputs(
            trace.inputs(shapes), carried: trace.inputs(problem.objective.carried.map(\.shape)),
            batch: trace.inputs(problem.data.shapes(of: batch)), mode: mode)
        let vectors = (0..<count).map { _ in trace.inputs(shapes) }
        parameters = VectorSlots(inputs.parameters, offsets: offsets)
        carried = VectorSlots(inputs.carried)
        self.batch = inputs.batch.map(\.inputSlot)
        self.vectors = vectors.map { VectorSlots($0, offsets: offsets) }
        body(trace, inputs, vectors)
        plan = Plan(trace.graph())
    }

    /// Memory whose batch is bound to some buffers.
    func makeMemory(_ buffers: [ElementBuffer<Scalar>]) -> PlanMemory<Scalar> {
        let memory = plan.makeMemory()
        for (slot, buffer) in zip(batch, buffers) { memory.bind(slot, to: buffer.start) }
        return memory
    }
}
