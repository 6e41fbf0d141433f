import TensorEngine
import Testing

/// What is bound to the slots that a trace gives is what plans read and write there.
@Suite("Slots of plans")
struct SlotTests {
    @Test func inputsAndOutputsAreBoundByTheirSlots() {
        let trace = Trace()
        let (first, unread, second) = (trace.input([2]), trace.input([3]), trace.input([2]))
        let difference = trace.output(first - second)
        let product = trace.output(first * second)
        let plan = Plan<Double>(trace.graph())
        let memory = plan.makeMemory()
        let values: [ElementBuffer<Double>] = [[7, 5], [2, 3], [0, 0], [0, 0]].map { ElementBuffer($0) }
        memory.bind(product, to: values[3].start)
        memory.bind(difference, to: values[2].start)
        memory.bind(second.inputSlot, to: values[1].start)
        memory.bind(first.inputSlot, to: values[0].start)
        plan.run(memory)
        #expect(values[2].elements == [5, 2])
        #expect(values[3].elements == [14, 15])
        #expect([first, unread, second].map { plan.reads($0.inputSlot) } == [true, false, true])
    }

    /// Graphs that are taken one after the other have outputs of their own, and the same inputs.
    @Test func aTraceGivesSeveralGraphs() {
        let trace = Trace()
        let input = trace.input([2])
        let doubled = trace.output(input * 2)
        let first = Plan<Double>(trace.graph())
        let squared = trace.output(input.squared())
        let second = Plan<Double>(trace.graph())
        let (value, result) = (ElementBuffer<Double>([3, 5]), ElementBuffer<Double>(count: 2))
        for (plan, slot, expected) in [(first, doubled, [6.0, 10]), (second, squared, [9, 25])] {
            let memory = plan.makeMemory()
            memory.bind(input.inputSlot, to: value.start)
            memory.bind(slot, to: result.start)
            plan.run(memory)
            #expect(result.elements == expected)
        }
    }

    /// Tensors of one vector begin one directly after the other, where it is said, or a stride apart.
    @Test func vectorsAreBoundAtOnce() {
        let trace = Trace()
        let inputs = trace.inputs([[1, 2], [3], .scalar])
        let steps = trace.inputs([.scalar, .scalar])
        let slots = VectorSlots(inputs)
        #expect(slots.offsets == [0, 2, 5])
        #expect(slots.count == 6)
        let apart = trace.outputs(inputs.map { $0 * 2 }, offsets: [4, 0, 3])
        let sum = trace.output(steps[0] * 10 + steps[1])
        let plan = Plan<Double>(trace.graph())
        let memory = plan.makeMemory()
        let (values, doubled) = (ElementBuffer<Double>([1, 2, 3, 4, 5, 6]), ElementBuffer<Double>(count: apart.count))
        let (parts, joined) = (ElementBuffer<Double>([7, 0, 0, 8]), ElementBuffer<Double>(count: 1))
        memory.bind(slots, to: values.start)
        memory.bind(apart, to: doubled.start)
        memory.bind(steps.map(\.inputSlot), to: parts.start, stride: 3)
        memory.bind(sum, to: joined.start)
        plan.run(memory)
        #expect(doubled.elements == [6, 8, 10, 12, 2, 4])
        #expect(joined.elements == [78])
    }

    /// The parts that a graph is taken apart into are bound by the slots of the whole, and by those of what is handed
    /// on.
    @Test func partsOfAGraphHaveItsSlots() throws {
        let trace = Trace()
        let (weight, moving, still) = (trace.input([2]), trace.input([2]), trace.input([2]))
        let state = still.exponential()
        let moved = trace.output(moving - state * weight.sine(), overwriting: moving.inputSlot)
        let newState = trace.output(state * 2, overwriting: still.inputSlot)
        let graph = trace.graph()
        let values: [[Double]] = [[1, 2], [3, 4], [0.5, -0.5]]
        let expected = Plan<Double>(graph)(values)
        #expect(expected.count == 2)

        let hoisted = graph.hoisting([weight.inputSlot])
        let shared = Plan<Double>(hoisted.shared)
        let parts = try #require(Plan<Double>.separating(hoisted.rest, input: moving.inputSlot))
        #expect(!parts.common.reads(moving.inputSlot))
        #expect(!parts.own.reads(still.inputSlot))
        let buffers = values.map { ElementBuffer($0) }
        let handed = [hoisted.handed, parts.handed].map { ElementBuffer<Double>(count: $0.count) }
        #expect(handed.map(\.count) == [2, 2])
        let sharedMemory = shared.makeMemory()
        sharedMemory.bind(weight.inputSlot, to: buffers[0].start)
        sharedMemory.bind(hoisted.handed.outputs, to: handed[0].start)
        shared.run(sharedMemory)
        let commonMemory = parts.common.makeMemory()
        commonMemory.bind(hoisted.handed.inputs, to: handed[0].start)
        commonMemory.bind(still.inputSlot, to: buffers[2].start)
        commonMemory.bind(newState, to: buffers[2].start)
        commonMemory.bind(parts.handed.outputs, to: handed[1].start)
        parts.common.run(commonMemory)
        let ownMemory = parts.own.makeMemory()
        ownMemory.bind(hoisted.handed.inputs, to: handed[0].start)
        ownMemory.bind(parts.handed.inputs, to: handed[1].start)
        ownMemory.bind(moving.inputSlot, to: buffers[1].start)
        ownMemory.bind(moved, to: buffers[1].start)
        parts.own.run(ownMemory)
        #expect(agree(buffers[1...].map(\.elements), expected, within: 1e-14))
    }
}
