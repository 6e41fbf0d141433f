import Testing

@testable import TensorEngine

/// Whatever else a plan is asked for, it computes what the plain plan of the same graph does.
@Suite("Plans in place and in two parts")
struct PlanVariantTests {
    /// Outputs written over inputs of their shape, whether they are computed from them or not.
    @Test(arguments: 0..<300) func outputsOverwriteInputs(_ seed: Int) {
        var program = RandomProgram(seed: UInt64(seed))
        let values = program.values()
        let shapes = program.shapes
        // Each input is put out doubled, and the program's own outputs follow.
        let trace = Trace()
        let inputs = trace.inputs(shapes)
        let outputs = program.trace(inputs)
        let swapped = shapes.count > 1 && shapes[0] == shapes[1] ? [inputs[1], inputs[0]] : []
        let doubled = inputs.map { input in outputs.first { $0.shape == input.shape } ?? input * 2 }
        let updated = swapped + doubled.dropFirst(swapped.count)
        let expected = Plan<Double>(trace.graph(outputs: updated + outputs))(values)
        let slots = VectorSlots(inputs)
        let updatedSlots = trace.outputs(updated, overwriting: slots)
        let outputSlots = trace.outputs(outputs)
        let plan = Plan<Double>(trace.graph())
        let memory = plan.makeMemory()
        let vector = ElementBuffer(values.flatMap(\.self))
        let results = ElementBuffer<Double>(count: outputSlots.count)
        memory.bind(slots, to: vector.start)
        memory.bind(updatedSlots, to: vector.start)
        memory.bind(outputSlots, to: results.start)
        plan.run(memory)
        #expect(haveSameBits(vector.elements + results.elements, expected.flatMap(\.self)), "seed \(seed)")
    }

    /// The work on some inputs taken out and done first.
    @Test(arguments: 0..<300) func sharedWorkIsDoneFirst(_ seed: Int) {
        var program = RandomProgram(seed: UInt64(seed))
        let values = program.values()
        let shapes = program.shapes
        let trace = Trace()
        let inputs = trace.inputs(shapes)
        let graph = trace.graph(outputs: program.trace(inputs))
        let expected = Plan<Double>(graph)(values)
        let (shared, rest, _) = graph.hoisting(inputs.prefix((1 + shapes.count) / 2).map(\.inputSlot))
        let found = Plan<Double>(rest)(values + Plan<Double>(shared)(values))
        // What is fused differs, and with it how some sums of products are rounded.
        #expect(agree(found, expected, within: 1e-12), "seed \(seed)")
    }

    /// What depends on one input taken apart from what doesn't.
    @Test(arguments: 0..<300) func separateWorkGivesTheSameBits(_ seed: Int) {
        var program = RandomProgram(seed: UInt64(seed))
        let values = program.values()
        let shapes = program.shapes
        let trace = Trace()
        let inputs = shapes.map { trace.input($0) }
        let outputs = program.trace(inputs)
        let last = inputs.last!
        func depends(_ output: Tensor) -> Bool { trace.graph(outputs: [output]).inputShapes.last! != nil }
        let independent = outputs.filter { !depends($0) }
        for output in outputs where depends(output) {
            let moved = last + (independent.first.map { ($0 * 3).sum() } ?? last.sum()) * 0.5
            let graph = trace.graph(outputs: [output.sum() + moved] + independent)
            let (common, own, _) = Plan<Double>.separating(graph, input: last.inputSlot)!
            let expected = Plan<Double>(graph)(values)
            let shared = common(values)
            let found = own(values + shared.dropFirst(independent.count))
            #expect(common.inputShapes.last! == nil)
            #expect(haveSameBits(found[0], expected[0]), "seed \(seed)")
            let others = shared.prefix(independent.count)
            #expect(haveSameBits(others.flatMap(\.self), expected.dropFirst().flatMap(\.self)), "seed \(seed)")
            #expect(Plan<Double>.separating(trace.graph(outputs: [moved, output]), input: last.inputSlot) == nil)
        }
    }

    /// Views of an input that go back to its memory, where each element may be read after its place was written.
    @Test func anOutputMovesTheElementsOfItsInput() {
        let trace = Trace()
        let (square, pair) = (trace.input([3, 3]), trace.input([2, 2]))
        let slots = VectorSlots([square, pair])
        let moved = trace.outputs(
            [square.transposed(), .concatenating([pair.sliced(1..<2), pair.sliced(0..<1)])], overwriting: slots)
        let plan = Plan<Double>(trace.graph())
        let memory = plan.makeMemory()
        let vector = ElementBuffer<Double>((0..<9).map(Double.init) + [0, 1, 2, 3])
        memory.bind(slots, to: vector.start)
        memory.bind(moved, to: vector.start)
        plan.run(memory)
        #expect(vector.elements == [0, 3, 6, 1, 4, 7, 2, 5, 8] + [2, 3, 0, 1])
    }

    @Test func sharedWorkLeavesTheRest() {
        let trace = Trace()
        let (first, second) = (trace.input([3, 4]), trace.input([4, 2]))
        let graph = trace.graph(outputs: [
            first.sine().transposed().matrixProduct(first.exponential()) + 1, first.matrixProduct(second),
        ])
        let (shared, rest, handed) = graph.hoisting([first.inputSlot])
        #expect(handed.count == 16)
        #expect(shared.outputShapes == [[4, 4]])
        #expect(rest.inputShapes == [[3, 4], [4, 2], [4, 4]])
    }

    /// What flows to the tensors that a computation reads of some inputs, and from there to these, is their gradient.
    @Test func theFrontierOfInputsSeparatesTheirGradient() {
        // The first two inputs are what is shared.
        let shapes: [Shape] = [[3, 4], [4], [4, 5]]
        func compute(_ inputs: [Tensor]) -> Tensor {
            let joined = Tensor.concatenating([inputs[0].exponential(), inputs[1].reshaped([1, 4])]).transposed()
            let product = joined.matrixProduct(inputs[2].sliced(0..<4, axis: 1).sine())
            let moved = product * inputs[2].sliced(0..<4, axis: 1) + inputs[1] * inputs[1].exponential()
            return (moved.sine() + joined.sum()).sum()
        }
        let trace = Trace()
        let inputs = shapes.map { trace.input($0) }
        let output = compute(inputs)
        let read = trace.frontier(of: Array(inputs[..<2]), before: [output])
        #expect(read.map(\.shape) == [[4, 4], [1, 4], [1, 1]])
        let sums = read.map { trace.input($0.shape) }
        let flows = pullback(
            of: [output], cotangents: [output.filled(with: 1)], withRespectTo: read, independently: true)
        let back = pullback(of: read, cotangents: sums, withRespectTo: Array(inputs[..<2]))
        var stream = RandomStream(RandomKey(seed: 7))
        let values = shapes.map { shape in (0..<shape.count).map { _ in stream.normal() } }
        let nothing = sums.map { [Double](repeating: 0, count: $0.shape.count) }
        let flowing = Plan<Double>(trace.graph(outputs: flows))(values + nothing)
        let found = Plan<Double>(trace.graph(outputs: back))(values + flowing)
        let expected = Plan<Double>(
            .tracing(shapes) { gradient(of: compute($0), withRespectTo: Array($0[..<2])) })(values)
        #expect(agree(found, expected, within: 1e-12))
    }

    private func haveSameBits(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
}
