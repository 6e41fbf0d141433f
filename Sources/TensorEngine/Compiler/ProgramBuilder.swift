import TensorKernels

/// Writes the slots and instructions of one elementwise kernel.
struct ProgramBuilder<Scalar: TensorScalar> {
    private typealias Step = ProgramStep<Scalar>

    private let lowering: Lowering
    private let storage: StoragePlan
    private var slots: [ProgramStep<Scalar>.Slot] = []
    private var known: [ProgramStep<Scalar>.Slot: Int] = [:]
    private var sources: [StridedSource: Int] = [:]
    private var targets: [ProgramStep<Scalar>.Target] = []
    private var tileCount = 0
    private var freeTiles: [Int] = []
    /// The slot of each node of this program that has been computed.
    private var results: [NodeID: Int] = [:]

    init(_ lowering: Lowering, _ storage: StoragePlan) {
        self.lowering = lowering
        self.storage = storage
    }

    mutating func build(
        _ nodes: [NodeID], count: Int, constant: (Double) -> Place
    ) -> ProgramStep<Scalar> {
        var lastUse: [NodeID: Int] = [:]
        let members = Set(nodes)
        for (index, id) in nodes.enumerated() {
            for operand in lowering.graph.nodes[id].operands {
                if let base = lowering.references[operand]?.base, members.contains(base) { lastUse[base] = index }
            }
        }
        var instructions: [ProgramStep<Scalar>.Instruction] = []
        for (index, id) in nodes.enumerated() {
            guard case .elementwise(let operation) = lowering.graph.nodes[id].operation else { continue }
            var operands: [Int] = []
            var ending: Set<NodeID> = []
            for operand in lowering.graph.nodes[id].operands {
                operands.append(slot(of: operand, members, constant))
                if let base = lowering.references[operand]?.base, lastUse[base] == index { ending.insert(base) }
            }
            for base in ending.sorted() where lowering.scattered[base] == nil { release(base) }
            let result = resultSlot(id)
            results[id] = result
            if let destination = lowering.scattered[id] {
                targets.append(
                    .init(
                        slot: result,
                        target: StridedTarget(place: storage.place(destination), pattern: destination.pattern)))
            } else if lastUse[id] == nil {
                release(id)
            }
            let first = operands[0]
            instructions.append(
                .init(
                    operation: operation, result: result,
                    operands: (
                        first, operands.count > 1 ? operands[1] : first, operands.count > 2 ? operands[2] : first
                    )))
        }
        return ProgramStep(
            slots: slots, instructions: instructions, targets: targets, count: count, tileCount: tileCount)
    }

    private mutating func slot(of operand: NodeID, _ members: Set<NodeID>, _ constant: (Double) -> Place) -> Int {
        guard let reference = lowering.references[operand] else {
            guard case .constant(let value) = lowering.graph.nodes[operand].operation else {
                preconditionFailure("an operand was not lowered")
            }
            return slot(.constant(constant(value)))
        }
        if members.contains(reference.base) { return results[reference.base]! }
        let source = StridedSource(place: storage.place(reference), pattern: reference.pattern)
        if source.pattern.isContiguous { return slot(.direct(source.place)) }
        if let index = sources[source] { return index }
        let index = append(.loaded(source, tile: tileCount))
        tileCount += 1
        sources[source] = index
        return index
    }

    private mutating func resultSlot(_ id: NodeID) -> Int {
        if lowering.stored.contains(id) {
            return slot(.direct(storage.place(lowering.references[id]!)))
        }
        if let tile = freeTiles.popLast() { return slot(.scratch(tile: tile)) }
        tileCount += 1
        return slot(.scratch(tile: tileCount - 1))
    }

    private mutating func release(_ id: NodeID) {
        if let result = results[id], case .scratch(let tile) = slots[result] { freeTiles.append(tile) }
    }

    private mutating func slot(_ slot: ProgramStep<Scalar>.Slot) -> Int {
        if let index = known[slot] { return index }
        let index = append(slot)
        known[slot] = index
        return index
    }

    private mutating func append(_ slot: ProgramStep<Scalar>.Slot) -> Int {
        slots.append(slot)
        return slots.count - 1
    }
}
