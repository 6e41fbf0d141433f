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

    /// Rows of `b` that don't follow its first ones.
    struct Rows {
        let place: Place
        let count: Int
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
    private let laterRows: FixedList<Rows>
    private let joinedParts: FixedList<MatrixProduct<Scalar>.DepthPart>
    private let result: Place
    private let resultCount: Int
    private let start: Start

    /// - Parameter resultCount: how many elements the result's memory has.
    init(
        _ loops: ProductLoops, a: Place, b: Place, laterRows: [Rows], result: Place, resultCount: Int, start: Start
    ) {
        rows = loops.rows
        depth = loops.depth
        columns = loops.columns
        self.loops = FixedList(loops.loops)
        cut = loops.cut(resultCount: resultCount)
        work = loops.work
        isEmptySum = loops.isEmptySum
        self.a = a
        self.b = b
        self.laterRows = FixedList(laterRows)
        joinedParts = FixedList(
            (1..<loops.joined.count).map {
                .init(aDistance: $0 * loops.joined.a, bDistance: $0 * loops.joined.b, count: loops.depth.count)
            })
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
        laterRows.deallocate()
        joinedParts.deallocate()
    }

    override var scratchCount: Int { Scalar.kernels.matrixProductScratch(rows.count, columns.count, wholeDepth) }

    private var wholeDepth: Int { depth.count * (1 + joinedParts.elements.count) }

    /// Each element of the result is made in one piece, by the same chain of multiply-adds.
    override var pieceCount: Int {
        switch cut {
        case nil: 1
        case .rows: Self.pieces(work: work, atMost: rows.count / 16)
        case .loop(let index): pieces(of: loops.elements[index].count * rowGroups)
        }
    }

    /// Few units make a piece each, for else some pieces would have twice as much to do as others.
    private func pieces(of units: Int) -> Int {
        let count = Self.pieces(work: work, atMost: units)
        return count > 1 && units < 2 * count ? units : count
    }

    /// Into how many groups the rows of each step of a loop that is cut are cut too: few steps alone would make unequal
    /// pieces.
    private var rowGroups: Int {
        guard case .nothing = start else { return 1 }
        return (rows.count + rowsOfGroup - 1) / rowsOfGroup
    }

    /// Half of the rows, in whole tiles, but not more than 32.
    private var rowsOfGroup: Int { min(32, max((rows.count / 2 + 3) / 4 * 4, 8)) }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let product = MatrixProduct(
            rows: rows.count, columns: columns.count, depth: wholeDepth,
            a: memory.pointer(a), aRowStride: rows.a, aColumnStride: depth.a,
            b: memory.pointer(b), bRowStride: depth.b, bColumnStride: columns.b,
            c: memory.pointer(result), cRowStride: rows.c, accumulates: true, laterParts: joinedParts.elements)
        guard laterRows.elements.count > 0 else { return run(product, memory, piece) }
        let count = laterRows.elements.count
        withUnsafeTemporaryAllocation(of: MatrixProduct<Scalar>.DepthPart.self, capacity: count) { parts in
            var before = depth.count
            for rows in laterRows.elements { before -= rows.count }
            for (index, rows) in laterRows.elements.enumerated() {
                // In elements, also between memory that was allocated apart.
                let distance = UnsafeRawPointer(memory.pointer(rows.place)) - UnsafeRawPointer(product.b)
                parts[index] = .init(
                    aDistance: before * depth.a, bDistance: distance / MemoryLayout<Scalar>.stride, count: rows.count)
                before += rows.count
            }
            var product = product
            product.laterParts = UnsafeBufferPointer(parts)
            run(product, memory, piece)
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(_ product: MatrixProduct<Scalar>, _ memory: PlanMemory<Scalar>, _ piece: Piece) {
        guard piece.count > 1, let cut else {
            return run(Part(of: product), memory, piece)
        }
        switch cut {
        case .rows:
            // Groups of four rows, the height of a tile.
            run(Part(of: product, rows: piece.range(of: rows.count, multiple: 4), rows), memory, piece)
        case .loop(let index):
            let groups = rowGroups
            let range = piece.range(of: loops.elements[index].count * groups, multiple: 1)
            var position = range.lowerBound
            while position < range.upperBound {
                // Whole steps of the loop at once, and some groups of rows of one step.
                let (step, group) = position.quotientAndRemainder(dividingBy: groups)
                let left = range.upperBound - position
                let steps = group == 0 && left >= groups ? left / groups : 1
                let groupCount = min(groups - group, left)
                let last = group + groupCount == groups ? rows.count : (group + groupCount) * rowsOfGroup
                var part = Part(of: product, rows: group * rowsOfGroup..<last, rows)
                part.cut(index, loops.elements[index], steps: step..<step + steps)
                run(part, memory, piece)
                position += steps * groupCount
            }
        }
    }

    /// A part of the result that is made at once.
    private struct Part {
        var product: MatrixProduct<Scalar>
        /// The loop of which it has a number of steps of its own.
        private(set) var cutLoop = (index: -1, count: 0)
        /// Its elements of the result, where those lie together.
        private(set) var elements: Range<Int>?

        /// All of it.
        init(of product: MatrixProduct<Scalar>) {
            self.product = product
        }

        /// Some of the product's rows.
        init(of product: MatrixProduct<Scalar>, rows range: Range<Int>, _ rows: ProductLoops.Loop) {
            self.product = product
            self.product.rows = range.count
            self.product.a += range.lowerBound * rows.a
            self.product.c += range.lowerBound * rows.c
            elements = range.lowerBound * rows.c..<range.upperBound * rows.c
        }

        /// Leaves some steps of a loop.
        mutating func cut(_ index: Int, _ loop: ProductLoops.Loop, steps: Range<Int>) {
            cutLoop = (index, steps.count)
            product.a += steps.lowerBound * loop.a
            product.b += steps.lowerBound * loop.b
            product.c += steps.lowerBound * loop.c
            elements = steps.lowerBound * loop.c..<steps.upperBound * loop.c
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(_ part: Part, _ memory: PlanMemory<Scalar>, _ piece: Piece) {
        var product = part.product
        let elements = part.elements ?? 0..<resultCount
        switch start {
        case .nothing: product.accumulates = false
        case .zeros: memory.kernels.fill(product.c, 0, elements.count)
        case .addend(let addend): addend.load(elements, to: product.c, memory)
        case .inPlace: break
        }
        if isEmptySum {
            if !product.accumulates { memory.kernels.fill(product.c, 0, elements.count) }
            return
        }
        run(0, part.cutLoop, product, memory.kernels.matrixProduct, memory.scratch(piece))
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
