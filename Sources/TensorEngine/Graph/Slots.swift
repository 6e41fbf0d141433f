/// Where plans read an input of a trace: what `PlanMemory.bind` takes.
///
/// All graphs that are taken from one trace, and all parts that they are taken apart into, have the trace's inputs. So
/// a slot serves the plans of all of them; a plan that doesn't read the input may be bound nonetheless.
public struct InputSlot: Hashable, Sendable {
    let index: Int
}

/// Where plans write an output of a graph: what `PlanMemory.bind` takes.
///
/// The parts that a graph is taken apart into write the outputs that are theirs at the same slots.
public struct OutputSlot: Hashable, Sendable {
    let index: Int
}

/// Slots of tensors that lie in one vector, each from an offset on.
public struct VectorSlots<Slot: Sendable>: Sendable {
    struct Part: Sendable {
        let slot: Slot
        let offset: Int
    }

    let parts: [Part]
    /// How many elements the vector has.
    public let count: Int

    /// - Parameter offsets: where each tensor begins; one directly after the other where there are none.
    init(_ slots: [Slot], shapes: [Shape], offsets: [Int]?) {
        let offsets = offsets ?? shapes.offsets
        precondition(
            slots.count == shapes.count && slots.count == offsets.count,
            "\(slots.count) slots of \(shapes.count) shapes at \(offsets.count) offsets")
        parts = zip(slots, offsets).map { Part(slot: $0, offset: $1) }
        count = zip(shapes, offsets).map { $0.count + $1 }.max() ?? 0
    }

    /// The slots, in the order of the tensors.
    public var slots: [Slot] { parts.map(\.slot) }
    /// Where each tensor begins.
    public var offsets: [Int] { parts.map(\.offset) }
}

extension VectorSlots where Slot == InputSlot {
    /// - Parameters:
    ///   - inputs: of a trace; traps on other tensors.
    ///   - offsets: where each begins in the vector; one directly after the other where there are none.
    public init(_ inputs: [Tensor], offsets: [Int]? = nil) {
        self.init(inputs.map(\.inputSlot), shapes: inputs.map(\.shape), offsets: offsets)
    }
}

/// Values that one plan computes for another one, which reads them as inputs. All of them lie in one vector.
public struct HandedValues: Sendable {
    /// Of the plan that computes them.
    public let outputs: VectorSlots<OutputSlot>
    /// Of the plan that reads them.
    public let inputs: VectorSlots<InputSlot>

    /// - Parameters:
    ///   - shapes: of the values.
    ///   - firstOutput: the number of the first among the one plan's outputs.
    ///   - firstInput: the number of the first among the other plan's inputs.
    init(_ shapes: [Shape], firstOutput: Int, firstInput: Int) {
        // Each from the start of a cache line.
        let offsets = shapes.offsets(aligned: 16)
        outputs = VectorSlots(
            shapes.indices.map { OutputSlot(index: firstOutput + $0) }, shapes: shapes, offsets: offsets)
        inputs = VectorSlots(shapes.indices.map { InputSlot(index: firstInput + $0) }, shapes: shapes, offsets: offsets)
    }

    /// How many elements the vector has.
    public var count: Int { outputs.count }
}

extension Array where Element == Shape {
    /// Where tensors of these shapes begin when they lie one after the other.
    var offsets: [Int] { offsets(aligned: 1) }

    /// The same where each begins at a multiple of some number of elements.
    func offsets(aligned alignment: Int) -> [Int] {
        var end = 0
        return map { shape in
            let start = (end + alignment - 1) / alignment * alignment
            end = start + shape.count
            return start
        }
    }
}
