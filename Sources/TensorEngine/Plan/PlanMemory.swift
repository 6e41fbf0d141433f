import TensorKernels

/// The memory in which a plan runs: its arena, its scratch space, and where its inputs and outputs are bound.
///
/// One memory serves one run at a time; threads that run the same plan at once have one each.
public final class PlanMemory<Scalar: TensorScalar> {
    /// The first element of each region: the arena, the inputs, the outputs.
    let regions: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
    private let scratch: UnsafeMutablePointer<Scalar>
    /// Where operands and results of elementwise programs are while a tile runs; see `ProgramStep.Slot`.
    private let slots: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
    /// Scratch elements and slots of one piece.
    private let scratchCount: Int
    private let slotCount: Int
    let kernels: KernelTable<Scalar>
    /// The table's elementwise kernels, where reading one takes no more than a load.
    let elementwise: UnsafeMutablePointer<KernelTable<Scalar>.ElementwiseKernel>
    private let arena: UnsafeMutablePointer<Scalar>
    private let arenaCount: Int
    private let pieceCount: Int
    let inputCount: Int
    let outputCount: Int
    /// The slot of the first output.
    let firstOutput: Int

    /// The most pieces into which a step is cut.
    static var mostPieces: Int { 8 }

    /// - Parameter pieceCount: the most pieces into which a step of the plan is cut.
    init(
        pieceCount: Int, arenaCount: Int, scratchCount: Int, slotCount: Int, inputCount: Int, outputCount: Int,
        firstOutput: Int, constants: [(offset: Int, value: Double)]
    ) {
        kernels = Scalar.kernels
        elementwise = .allocate(capacity: kernels.elementwise.count)
        elementwise.initialize(from: kernels.elementwise, count: kernels.elementwise.count)
        self.arenaCount = arenaCount
        self.pieceCount = pieceCount
        arena = ElementMemory.allocate(Scalar.self, count: arenaCount)
        self.scratchCount = (scratchCount + 15) / 16 * 16
        self.slotCount = max(slotCount, 1)
        scratch = ElementMemory.allocate(Scalar.self, count: self.scratchCount * pieceCount)
        slots = .allocate(capacity: self.slotCount * pieceCount)
        slots.initialize(repeating: scratch, count: self.slotCount * pieceCount)
        let regionCount = 1 + inputCount + outputCount
        regions = .allocate(capacity: regionCount)
        regions.initialize(repeating: arena, count: regionCount)
        self.inputCount = inputCount
        self.outputCount = outputCount
        self.firstOutput = firstOutput
        for (offset, value) in constants {
            (arena + offset).update(repeating: Scalar(value), count: ElementTile.longest)
        }
    }

    deinit {
        ElementMemory.deallocate(arena, count: arenaCount)
        ElementMemory.deallocate(scratch, count: scratchCount * pieceCount)
        elementwise.deinitialize(count: kernels.elementwise.count)
        elementwise.deallocate()
        slots.deallocate()
        regions.deallocate()
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func scratch(_ piece: Piece) -> UnsafeMutablePointer<Scalar> { scratch + piece.index * scratchCount }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func slots(_ piece: Piece) -> UnsafeMutablePointer<UnsafeMutablePointer<Scalar>> { slots + piece.index * slotCount }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func pointer(_ place: Place) -> UnsafeMutablePointer<Scalar> {
        regions[place.region] + place.offset
    }
}
