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

    /// Strided memory to which a result goes from its tile.
    struct Target {
        let slot: Int
        let target: StridedTarget
    }

    /// A slot whose pointer is a place, which moves on with the tiles unless it holds a constant.
    private struct PlacedSlot {
        let index: Int
        let place: Place
        let advances: Bool
    }

    private struct TileSlot {
        let index: Int
        let tile: Int
    }

    private struct LoadedSlot {
        let index: Int
        let source: StridedSource
    }

    private let placed: FixedList<PlacedSlot>
    private let tiles: FixedList<TileSlot>
    private let loaded: FixedList<LoadedSlot>
    private let instructions: FixedList<Instruction>
    private let targets: FixedList<Target>
    private let loadedRows: InterleavedRows?
    private let targetRows: InterleavedRows?
    private let count: Int
    private let tileLength: Int
    private let tileCount: Int
    let slotCount: Int

    /// - Parameter tileCount: how many scratch tiles the slots use.
    init(slots: [Slot], instructions: [Instruction], targets: [Target], count: Int, tileCount: Int) {
        var placed: [PlacedSlot] = []
        var tiles: [TileSlot] = []
        var loaded: [LoadedSlot] = []
        for (index, slot) in slots.enumerated() {
            switch slot {
            case .constant(let place): placed.append(.init(index: index, place: place, advances: false))
            case .direct(let place): placed.append(.init(index: index, place: place, advances: true))
            case .scratch(let tile): tiles.append(.init(index: index, tile: tile))
            case .loaded(let source, let tile):
                tiles.append(.init(index: index, tile: tile))
                loaded.append(.init(index: index, source: source))
            }
        }
        self.placed = FixedList(placed)
        self.tiles = FixedList(tiles)
        self.loaded = FixedList(loaded)
        loadedRows = InterleavedRows(loaded.map(\.source.pattern))
        targetRows = InterleavedRows(targets.map(\.target.pattern))
        self.instructions = FixedList(instructions)
        self.targets = FixedList(targets)
        self.count = count
        self.tileCount = tileCount
        slotCount = slots.count
        // Half of a first-level cache of 32 KiB for the scratch tiles, the rest for what is read and written.
        let affordable = 16_384 / MemoryLayout<Scalar>.stride / max(tileCount, 1)
        let fitting = min(ElementTile.good, max(64, affordable / 64 * 64))
        // Two tiles somewhat longer than fits best are better than three.
        let stretched = fitting * 5 / 4
        tileLength = count > 2 * fitting && count <= 2 * stretched ? stretched : fitting
    }

    deinit {
        placed.deallocate()
        tiles.deallocate()
        loaded.deallocate()
        instructions.deallocate()
        targets.deallocate()
    }

    override var scratchCount: Int { tileCount * tileLength }

    /// To read and write an element takes as long as some instructions, and each of these as some multiply-adds, whose
    /// operands are in registers.
    override var pieceCount: Int {
        Self.pieces(work: 3 * count * (instructions.elements.count + 3), atMost: count / tileLength)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let slots = memory.slots(piece)
        let scratch = memory.scratch(piece)
        let range = piece.range(of: count, multiple: tileLength)
        var start = range.lowerBound
        for slot in tiles.elements { slots[slot.index] = scratch + slot.tile * tileLength }
        for slot in placed.elements {
            slots[slot.index] = memory.pointer(slot.place) + (slot.advances ? start : 0)
        }
        while true {
            let length = min(tileLength, range.upperBound - start)
            load(start..<start + length, slots, memory)
            for instruction in instructions.elements {
                memory.elementwise[Int(instruction.operation.rawValue)].run(
                    slots[instruction.result], slots[instruction.operands.0], slots[instruction.operands.1],
                    slots[instruction.operands.2], length)
            }
            store(start..<start + length, slots, memory)
            start += length
            if start >= range.upperBound { return }
            for slot in placed.elements where slot.advances { slots[slot.index] += length }
        }
    }

    /// Fills the tiles of strided memory.
    @inline(__always)
    private func load(
        _ range: Range<Int>, _ slots: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>, _ memory: PlanMemory<Scalar>
    ) {
        guard let loadedRows else {
            for slot in loaded.elements { slot.source.load(range, to: slots[slot.index], memory) }
            return
        }
        loadedRows.forEach(of: range) { offset, start, count in
            for slot in loaded.elements {
                let row = memory.pointer(slot.source.place) + offset
                memory.kernels.copyRows(slots[slot.index] + start, count, row, count, 1, count)
            }
        }
    }

    /// Writes what goes to strided memory.
    @inline(__always)
    private func store(
        _ range: Range<Int>, _ slots: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>, _ memory: PlanMemory<Scalar>
    ) {
        guard let targetRows else {
            for target in targets.elements { target.target.store(range, from: slots[target.slot], memory) }
            return
        }
        targetRows.forEach(of: range) { offset, start, count in
            for target in targets.elements {
                let row = memory.pointer(target.target.place) + offset
                memory.kernels.copyRows(row, count, slots[target.slot] + start, count, 1, count)
            }
        }
    }
}
