import TensorKernels

/// Telling a plan's memory where inputs and outputs are. What is bound stays bound until something else is; it must stay
/// where it is while the plan runs, and inputs are only read.
extension PlanMemory {
    /// Says where an input's elements are.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(_ slot: InputSlot, to elements: UnsafePointer<Scalar>) {
        bind(input: slot.index, to: elements)
    }

    /// Says where an output's elements go.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(_ slot: OutputSlot, to elements: UnsafeMutablePointer<Scalar>) {
        bind(output: slot.index - firstOutput, to: elements)
    }

    /// Says where the vector is that inputs lie in.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(_ slots: VectorSlots<InputSlot>, to vector: UnsafePointer<Scalar>) {
        for part in slots.parts { bind(part.slot, to: vector + part.offset) }
    }

    /// Says where the vector is that outputs go to.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(_ slots: VectorSlots<OutputSlot>, to vector: UnsafeMutablePointer<Scalar>) {
        for part in slots.parts { bind(part.slot, to: vector + part.offset) }
    }

    /// Says where inputs are of which each begins a stride behind the one before.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(_ slots: [InputSlot], to elements: UnsafePointer<Scalar>, stride: Int) {
        for (index, slot) in slots.enumerated() { bind(slot, to: elements + index * stride) }
    }

    /// Says where the elements of the input at a position among the plan's inputs are.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(input position: Int, to elements: UnsafePointer<Scalar>) {
        assert(position < inputCount, "the plan has \(inputCount) inputs, and none at position \(position)")
        regions[1 + position] = UnsafeMutablePointer(mutating: elements)
    }

    /// Says where the elements of the output at a position among the plan's outputs go.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func bind(output position: Int, to elements: UnsafeMutablePointer<Scalar>) {
        assert(
            position >= 0 && position < outputCount,
            "the plan has \(outputCount) outputs, and none at position \(position)")
        regions[1 + inputCount + position] = elements
    }
}
