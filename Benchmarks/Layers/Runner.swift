import TensorEngine

/// A plan with memory of its own, on normal inputs.
struct Runner<Scalar: TensorScalar> {
    private let plan: Plan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let buffers: [ElementBuffer<Scalar>]

    init(_ inputs: [Shape], _ body: ([Tensor]) -> [Tensor]) {
        plan = Plan(.tracing(inputs, body))
        memory = plan.makeMemory()
        var stream = RandomStream(RandomKey(seed: 1))
        let inputBuffers = inputs.map { ElementBuffer<Scalar>(count: $0.count) }
        let outputBuffers = plan.outputShapes.map { ElementBuffer<Scalar>(count: $0.count) }
        for (index, buffer) in inputBuffers.enumerated() {
            stream.fillNormal(UnsafeMutableBufferPointer(start: buffer.start, count: buffer.count))
            memory.bind(input: index, to: buffer.start)
        }
        for (index, buffer) in outputBuffers.enumerated() { memory.bind(output: index, to: buffer.start) }
        buffers = inputBuffers + outputBuffers
    }

    func callAsFunction() { plan.run(memory) }
}
