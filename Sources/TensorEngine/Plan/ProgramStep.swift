import TensorKernels

/// A chain of elementwise operations, run on one tile of elements after the other so that what is between stays in
/// the first-level cache.
final class ProgramStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    /// Where the elements of an operand or result are found while a tile runs.
    enum Slot: Hashable {
        /// A tile's worth of one constant.
        case constant(Place)
        /// Contiguous memory, read or written in place.
        case direct(Place)
        /// Strided memory, loaded to a scratch tile before the tile runs.
        case loaded(StridedSource, tile: Int)
        /// A scratch tile.
        case scratch(tile: Int)
    }

    struct Instruction {
        let operation: ElementwiseOperation
        let result: Int
        let operands: (Int, Int, Int)
    }

    static var longestTile: Int { 512 }

    private let slots: [Slot]
    private let instructions: [Instruction]
    private let count: Int
    private let tileLength: Int
    private let tileCount: Int

    /// - Parameter tileCount: how many scratch tiles the slots use.
    init(slots: [Slot], instructions: [Instruction], count: Int, tileCount: Int) {
        self.slots = slots
        self.instructions = instructions
        self.count = count
        self.tileCount = tileCount
        // Half of a first-level cache of 32 KiB for the scratch tiles, the rest for what is read and written.
        let affordable = 16_384 / MemoryLayout<Scalar>.stride / max(tileCount, 1)
        tileLength = min(Self.longestTile, max(64, affordable / 64 * 64))
    }

    var slotCount: Int { slots.count }

    override var scratchCount: Int { tileCount * tileLength }

    override func run(_ memory: PlanMemory<Scalar>) {
        let table = Scalar.kernels
        let pointers = memory.slots
        var start = 0
        while start < count {
            let length = min(tileLength, count - start)
            for (index, slot) in slots.enumerated() {
                switch slot {
                case .constant(let place):
                    pointers[index] = memory.pointer(place)
                case .direct(let place):
                    pointers[index] = memory.pointer(place) + start
                case .loaded(let source, let tile):
                    let target = memory.scratch + tile * tileLength
                    source.load(start..<start + length, to: target, memory)
                    pointers[index] = target
                case .scratch(let tile):
                    pointers[index] = memory.scratch + tile * tileLength
                }
            }
            for instruction in instructions {
                table.elementwise[Int(instruction.operation.rawValue)](
                    pointers[instruction.result], pointers[instruction.operands.0], pointers[instruction.operands.1],
                    pointers[instruction.operands.2], length)
            }
            start += length
        }
    }
}
