import TensorKernels

/// Adds elements to a view of zeroed memory that may overlap itself, in the order of the elements.
final class FoldStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    private let source: Place
    private let destination: Place
    private let destinationCount: Int
    private let loops: FixedList<ProductLoops.Loop>
    /// How many neighbouring elements are added at once.
    private let run: Int

    /// - Parameters:
    ///   - destinationCount: how many elements the destination's memory has.
    ///   - shape: of the elements that are added; the last dimension is contiguous in both memories.
    init(
        source: Place, destination: Place, destinationCount: Int, shape: Shape, sourceStrides: [Int],
        destinationStrides: [Int]
    ) {
        self.source = source
        self.destination = destination
        self.destinationCount = destinationCount
        var loops = ProductLoops.merged(
            shape.sizes.indices.map {
                .init(count: shape[$0], a: sourceStrides[$0], b: 0, c: destinationStrides[$0])
            })
        if let last = loops.last, last.a == 1, last.c == 1 {
            run = last.count
            loops.removeLast()
        } else {
            run = 1
        }
        self.loops = FixedList(loops)
    }

    deinit {
        loops.deallocate()
    }

    /// Pieces take their shares of the first loop, where each of its steps has a part of the destination of its own.
    override var pieceCount: Int {
        guard let first = loops.elements.first, first.count * first.c == destinationCount else { return 1 }
        return Self.pieces(moving: loops.elements.reduce(run) { $0 * $1.count }, atMost: first.count)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let target = memory.pointer(destination)
        let share = piece.range(of: loops.elements.first?.count ?? 0, multiple: 1)
        let cleared = piece.count == 1 ? 0..<destinationCount : share.scaled(by: loops.elements[0].c)
        memory.kernels.fill(target + cleared.lowerBound, 0, cleared.count)
        let kernel = memory.elementwise[Int(ElementwiseOperation.add.rawValue)].run
        add(0, share, memory.pointer(source), target, kernel)
    }

    /// Runs the loops from `index` on, of the first of them the steps in `range`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func add(
        _ index: Int, _ range: Range<Int>, _ source: UnsafeMutablePointer<Scalar>,
        _ target: UnsafeMutablePointer<Scalar>, _ kernel: KernelTable<Scalar>.Elementwise
    ) {
        guard index < loops.elements.count else { return kernel(target, target, source, source, run) }
        let loop = loops.elements[index]
        let next = index + 1 < loops.elements.count ? 0..<loops.elements[index + 1].count : 0..<0
        for step in range {
            add(index + 1, next, source + step * loop.a, target + step * loop.c, kernel)
        }
    }
}
