import TensorEngine

/// Products of square matrices and of a thin layer's, in every layout of the operands.
enum Products {
    static func report(peak: Double) {
        for layout in 0..<4 { measure([512, 512, 512], layout, peak) }
        for sizes in [[128, 785, 20], [785, 128, 20], [128, 20, 785]] {
            for layout in 0..<4 { measure(sizes, layout, peak) }
        }
    }

    /// - Parameter sizes: rows, depth, columns.
    private static func measure(_ sizes: [Int], _ layout: Int, _ peak: Double) {
        let (aIsTransposed, bIsTransposed) = (layout & 1 != 0, layout & 2 != 0)
        let a: Shape = aIsTransposed ? [sizes[1], sizes[0]] : [sizes[0], sizes[1]]
        let b: Shape = bIsTransposed ? [sizes[2], sizes[1]] : [sizes[1], sizes[2]]
        let run = Runner([a, b]) { inputs in
            let left = aIsTransposed ? inputs[0].transposed() : inputs[0]
            return [left.matrixProduct(bIsTransposed ? inputs[1].transposed() : inputs[1])]
        }
        printRate(
            "[\(sizes[0]) \(sizes[1])]\(aIsTransposed ? "ᵀ" : " ") · [\(sizes[1]) \(sizes[2])]\(bIsTransposed ? "ᵀ" : "")",
            operations: 2 * Double(sizes.reduce(1, *)), seconds: shortestTime { run() }, peak: peak)
    }
}

/// A plan in `Float` with memory of its own, on normal inputs.
struct Runner {
    private let plan: Plan<Float>
    private let memory: PlanMemory<Float>
    private let buffers: [ElementBuffer<Float>]

    init(_ inputs: [Shape], _ body: ([Tensor]) -> [Tensor]) {
        plan = Plan(.tracing(inputs, body))
        memory = plan.makeMemory()
        var stream = RandomStream(RandomKey(seed: 1))
        let inputBuffers = inputs.map { ElementBuffer<Float>(count: $0.count) }
        let outputBuffers = plan.outputShapes.map { ElementBuffer<Float>(count: $0.count) }
        for (index, buffer) in inputBuffers.enumerated() {
            stream.fillNormal(UnsafeMutableBufferPointer(start: buffer.start, count: buffer.count))
            memory.bind(input: index, to: buffer.start)
        }
        for (index, buffer) in outputBuffers.enumerated() { memory.bind(output: index, to: buffer.start) }
        buffers = inputBuffers + outputBuffers
    }

    func callAsFunction() { plan.run(memory) }
}
