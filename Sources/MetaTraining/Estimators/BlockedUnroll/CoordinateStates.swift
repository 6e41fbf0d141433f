import TensorEngine

/// The state of all coordinates at one time.
///
/// Each coordinate that doesn't rest has a slot: the blocks hold the state of 64 slots or so each. Those that rest are
/// all in one state, kept once.
final class CoordinateStates<Scalar: TensorScalar> {
    private let blocks: CoordinateBlocks
    private let canRest: Bool
    private let copy = RowCopy<Scalar>()
    /// Block by block.
    let slots: ElementBuffer<Scalar>
    /// Of one block, all of whose coordinates rest.
    let resting: ElementBuffer<Scalar>
    /// How many blocks of `slots` are in use.
    private(set) var blockCount: Int

    /// - Parameter canRest: if not, every coordinate's slot has its own number.
    init(_ blocks: CoordinateBlocks, canRest: Bool) {
        self.blocks = blocks
        self.canRest = canRest
        slots = ElementBuffer(count: blocks.stateCount)
        resting = ElementBuffer(count: canRest ? blocks.stateOffset(1) : 0)
        blockCount = canRest ? 0 : blocks.count
    }

    /// State 0; coordinates that can rest do.
    func start() {
        if canRest {
            resting.clear()
            blockCount = 0
        } else {
            slots.clear()
        }
    }

    /// Takes blocks in use for those who wake: at first, they are in the state of those that rest.
    ///
    /// - Parameter count: how many are in use then.
    func open(_ count: Int) {
        for block in blockCount..<max(blockCount, count) {
            (slots.start + blocks.stateOffset(block)).update(from: resting.start, count: resting.count)
        }
        blockCount = count
    }

    /// Says how many blocks are in use, all of which are about to be written.
    func willBeWritten(blocks count: Int) { blockCount = count }

    /// Where the state of a slot's coordinate begins; its features follow at the distance of a block's length.
    ///
    /// - Parameter slot: negative for a coordinate that has none.
    @inline(__always)
    func start(ofSlot slot: Int) -> UnsafeMutablePointer<Scalar> {
        guard slot >= 0 else { return resting.start }
        let (block, lane) = slot.quotientAndRemainder(dividingBy: blocks.length)
        // What had no slot yet rested then.
        return block < blockCount ? slots.start + blocks.stateOffset(block) + lane : resting.start
    }

    /// Takes over the state of another time, and has slots numbered in the order of their coordinates.
    func takeOver(_ other: CoordinateStates, sorting slots: CoordinateSlots) {
        resting.copy(from: other.resting)
        // The last block's lanes without a coordinate rest too.
        blockCount = max(other.blockCount - 1, 0)
        open(other.blockCount)
        slots.sort { order in
            for block in 0..<blockCount {
                let target = self.slots.start + blocks.stateOffset(block)
                let positions = block * blocks.length..<min((block + 1) * blocks.length, slots.awakeCount)
                order.forEachRun(positions) { position, run in
                    run.forEachPart(slots: slots.ofCoordinates, length: blocks.length) { part, slot in
                        copy(
                            to: target + (position - positions.lowerBound + part.first - run.first),
                            outStride: blocks.length, from: other.start(ofSlot: slot), sourceStride: blocks.length,
                            rows: blocks.features, count: part.count)
                    }
                }
            }
        }
    }
}
