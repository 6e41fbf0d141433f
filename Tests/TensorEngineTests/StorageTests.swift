import Testing

@testable import TensorEngine

@Suite("Where values lie")
struct StorageTests {
    private func agreesWithTheInterpreter(_ graph: Graph, seed: UInt64 = 3) -> Bool {
        var stream = RandomStream(RandomKey(seed: seed))
        let inputs = graph.inputShapes.map { shape in (0..<shape!.count).map { _ in stream.normal() } }
        return agree(Plan<Double>(graph)(inputs), GraphInterpreter.run(graph, inputs), within: 1e-12)
    }

    /// How many copies a plan makes.
    private func copies(_ graph: Graph) -> Int {
        Lowering(RewrittenGraph(graph)).kernels.count { if case .copy = $0.code { true } else { false } }
    }

    /// A concatenation whose parts lie in it must not be overwritten by its last reader while one of them is read
    /// later.
    @Test func partsOfAConcatenationOutliveIt() {
        let graph = Graph.tracing([[4, 8], [8, 8]]) { inputs in
            let (sine, cosine) = (inputs[0].sine(), inputs[0].cosine())
            let both = Tensor.concatenating([sine, cosine], axis: 0)
            let changed = (both * 2 + 1).matrixProduct(inputs[1])
            return [changed, sine.matrixProduct(inputs[1].exponential()), cosine.matrixProduct(inputs[1].sine())]
        }
        #expect(agreesWithTheInterpreter(graph))
    }

    /// Chains of products and elementwise work need the memory of one value.
    @Test func programsOverwriteWhatNothingReadsLater() {
        let graph = Graph.tracing([[32, 16], [16, 64], [64, 8]]) { inputs in
            [inputs[0].matrixProduct(inputs[1]).maximum(0).matrixProduct(inputs[2])]
        }
        #expect(StoragePlan(Lowering(RewrittenGraph(graph))).arenaCount == 32 * 64)
        #expect(agreesWithTheInterpreter(graph))
        // The same, but with the product read again.
        let other = Graph.tracing([[32, 16], [16, 64], [64, 8]]) { inputs in
            let product = inputs[0].matrixProduct(inputs[1])
            return [product.maximum(0).matrixProduct(inputs[2]), product.sine().matrixProduct(inputs[2])]
        }
        #expect(agreesWithTheInterpreter(other))
    }

    /// Rows that a program writes where they belong, along each axis; a part that is read elsewhere too is copied.
    @Test(arguments: 0..<3) func programsWriteIntoAConcatenation(axis: Int) {
        for readsPart in [false, true] {
            let graph = Graph.tracing([[5, 40, 30], [5, 40, 30]]) { inputs in
                let parts = [inputs[0].sine(), inputs[1] * inputs[0], inputs[1].cosine()]
                let joined = Tensor.concatenating(parts, axis: axis)
                return [joined.sum(axes: [axis]), readsPart ? parts[1].sum(axes: [2]) : inputs[0].sum(axes: [2])]
            }
            let copies = copies(graph)
            #expect(copies == (readsPart && axis > 0 ? 1 : 0))
            #expect(agreesWithTheInterpreter(graph))
        }
    }

    /// A product reads an input's rows, computed ones and constants where they lie, also when its result overwrites the
    /// input; with another reader, or along the columns, they are put together.
    @Test(arguments: [0, 1]) func productsReadThePartsOfAConcatenation(axis: Int) {
        for (isReadElsewhere, columns) in [(false, 64), (true, 64), (false, 7)] {
            let shapes: [Shape] = [[20, axis == 0 ? 23 : 20], [20, columns]]
            let trace = Trace()
            let inputs = trace.inputs(shapes)
            let parts = [inputs[1].sliced(0..<2).sine(), inputs[1], inputs[1].constant(1, shape: [1, columns])]
            let same = [inputs[1].sine(), inputs[1], inputs[1].filled(with: 2)]
            let joined = Tensor.concatenating(axis == 0 ? parts : same, axis: axis)
            let product = inputs[0].matrixProduct(joined)
            let others = isReadElsewhere ? [joined.sum(axes: [0])] : []
            let graph = trace.graph(outputs: [product] + others)
            let copies = copies(graph)
            #expect((copies == 0) == (axis == 0 && !isReadElsewhere))
            #expect(agreesWithTheInterpreter(graph))
            guard axis == 0 else { continue }
            let productSlot = trace.output(product, overwriting: inputs[1].inputSlot)
            let otherSlots = trace.outputs(others)
            let plan = Plan<Double>(trace.graph())
            var stream = RandomStream(RandomKey(seed: 5))
            let values = shapes.map { shape in (0..<shape.count).map { _ in stream.normal() } }
            let memory = plan.makeMemory()
            let buffers = values.map { ElementBuffer($0) }
            let rest = ElementBuffer<Double>(count: columns)
            for (input, buffer) in zip(inputs, buffers) { memory.bind(input.inputSlot, to: buffer.start) }
            memory.bind(productSlot, to: buffers[1].start)
            memory.bind(otherSlots, to: rest.start)
            plan.run(memory)
            #expect(buffers[1].elements == Plan<Double>(graph)(values)[0])
        }
    }

    /// Rows go straight to their part of a concatenation of concatenations, along each pair of axes; a part that is
    /// read elsewhere too is copied, whether that is one of the parts or one of the concatenations.
    @Test(arguments: 0..<3, 0..<3) func programsWriteIntoNestedConcatenations(outer: Int, inner: Int) {
        for readElsewhere in 0..<3 {
            let graph = Graph.tracing([[5, 40, 30], [5, 40, 30]]) { inputs in
                let first = inputs[0].sine()
                let pairs = [[first, inputs[1] * inputs[0]], [inputs[1].cosine(), inputs[0].exponential()]].map {
                    Tensor.concatenating($0, axis: inner)
                }
                let joined = Tensor.concatenating(pairs, axis: outer)
                let others = [inputs[0], first, pairs[1]]
                return [joined.sum(axes: [inner]), others[readElsewhere].sum(axes: [2])]
            }
            #expect(readElsewhere > 0 || copies(graph) == 0)
            #expect(agreesWithTheInterpreter(graph))
        }
    }

    /// What comes between two steps that have nothing in common with a node doesn't make it join the earlier one.
    @Test func programsTakeWhatTheyWorkOn() {
        let graph = Graph.tracing([[32, 16], [16, 64], [32, 64], [32, 64]]) { inputs in
            let early = inputs[2].sine()
            let product = inputs[0].matrixProduct(inputs[1])
            return [early, product * inputs[3].cosine()]
        }
        let programs = Lowering(RewrittenGraph(graph)).kernels.compactMap { kernel in
            if case .program(let nodes, _) = kernel.code { nodes.count } else { nil }
        }
        #expect(programs == [1, 2])
        #expect(agreesWithTheInterpreter(graph))
    }

    /// The gradient of windows that tile an image is written straight to the image, whatever part of a row a tile
    /// ends in.
    @Test(arguments: [5, 16, 24, 600]) func poolingCopiesNothing(channels: Int) {
        let graph = Graph.tracing([[3, 8, 6, channels], [3, 4, 3, channels]]) { inputs in
            pullback(
                of: [inputs[0].sine().maximumPooling([2, 2])], cotangents: [inputs[1].sine()],
                withRespectTo: [inputs[0]])
        }
        #expect(copies(graph) == 0)
        #expect(agreesWithTheInterpreter(graph))
    }
}
