import TensorKernels

/// A contraction, as loops around a matrix product.
final class ContractionStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    /// What the result holds before products are added; see `Contraction.Start`.
    enum Start {
        case nothing
        case zeros
        case addend(StridedSource)
        /// An addend whose memory the result took over.
        case inPlace
    }

    private let rows: ProductLoops.Loop
    private let depth: ProductLoops.Loop
    private let columns: ProductLoops.Loop
    private let loops: FixedList<ProductLoops.Loop>
    private let cut: ProductLoops.Cut?
    private let work: Int
    private let isEmptySum: Bool
    private let a: Place
    private let b: Place
    private let result: Place
    private let resultCount: Int
    private let start: Start

    /// - Parameter resultCount: how many elements the result's memory has.
    init(_ loops: ProductLoops, a: Place, b: Place, result: Place, resultCount: Int, start: Start) {
        rows = loops.rows
        depth = loops.depth
        columns = loops.columns
        self.loops = FixedList(loops.loops)
        cut = loops.cut(resultCount: resultCount)
        work = loops.work
        isEmptySum = loops.isEmptySum
        self.a = a
        self.b = b
        self.result = result
        self.resultCount = resultCount
        if case .addend(let addend) = start, addend.isContiguous(at: result) {
            self.start = .inPlace
        } else {
            self.start = start
        }
    }

    deinit {
        loops.deallocate()
    }

    override var scratchCount: Int { Scalar.kernels.matrixProductScratch(rows.count, columns.count, depth.count) }

    /// Each element of the result is made in one piece, by the same chain of multiply-adds.
    override var pieceCount: Int {
        switch cut {
        case nil: 1
        case .rows: Self.pieces(work: work, atMost: rows.count / 16)
        case .loop(let index): Self.pieces(work: work, atMost: loops.elements[index].count)
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        var product = MatrixProduct(
            rows: rows.count, columns: columns.count, depth: depth.count,
            a: memory.pointer(a), aRowStride: rows.a, aColumnStride: depth.a,
            b: memory.pointer(b), bRowStride: depth.b, bColumnStride: columns.b,
            c: memory.pointer(result), cRowStride: rows.c, accumulates: true)
        var part = 0..<resultCount
        var cutLoop = (index: -1, count: 0)
        if piece.count > 1, let cut {
            // Groups of four rows, the height of a tile.
            let (loop, multiple) =
                switch cut {
                case .rows: (rows, 4)
                case .loop(let index): (loops.elements[index], 1)
                }
            let range = piece.range(of: loop.count, multiple: multiple)
            product.a += range.lowerBound * loop.a
            product.b += range.lowerBound * loop.b
            product.c += range.lowerBound * loop.c
            part = range.lowerBound * loop.c..<range.upperBound * loop.c
            switch cut {
            case .rows: product.rows = range.count
            case .loop(let index): cutLoop = (index, range.count)
            }
        }
        switch start {
        case .nothing: product.accumulates = false
        case .zeros: memory.kernels.fill(product.c, 0, part.count)
        case .addend(let addend): addend.load(part, to: product.c, memory)
        case .inPlace: break
        }
        if isEmptySum {
            if !product.accumulates { memory.kernels.fill(product.c, 0, part.count) }
            return
        }
        run(0, cutLoop, product, memory.kernels.matrixProduct, memory.scratch(piece))
    }

    /// Runs the loops from `index` on.
    ///
    /// - Parameter cutLoop: a loop of which a piece has its own number of steps.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        _ index: Int, _ cutLoop: (index: Int, count: Int), _ product: MatrixProduct<Scalar>,
        _ kernel: (MatrixProduct<Scalar>, UnsafeMutablePointer<Scalar>) -> Void, _ scratch: UnsafeMutablePointer<Scalar>
    ) {
        guard index < loops.elements.count else { return kernel(product, scratch) }
        let loop = loops.elements[index]
        var product = product
        for _ in 0..<(index == cutLoop.index ? cutLoop.count : loop.count) {
            run(index + 1, cutLoop, product, kernel, scratch)
            product.a += loop.a
            product.b += loop.b
            product.c += loop.c
            if loop.isDepth { product.accumulates = true }
        }
    }
}
