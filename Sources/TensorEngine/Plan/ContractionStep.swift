import TensorKernels

/// A contraction, as loops around a matrix product.
final class ContractionStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    /// What the result holds before products are added; see `Contraction.Start`.
    enum Start {
        case nothing
        case zeros
        case addend(StridedSource)
        /// An addend that the product can be added to where it lies: how far apart its rows are, and its columns.
        case lying(Place, rows: Int, columns: Int)
        /// An addend whose memory the result took over.
        case inPlace

        /// Whether the result's memory holds nothing of it beforehand.
        var isElsewhere: Bool {
            switch self {
            case .nothing, .lying: true
            case .zeros, .addend, .inPlace: false
            }
        }
    }

    /// Rows of `b` that don't follow its first ones.
    struct Rows {
        let place: Place
        let count: Int
    }

    /// The product: `[rows, depth] · [depth, columns]`.
    private let rows: ProductLoops.Loop
    private let depth: ProductLoops.Loop
    private let columns: ProductLoops.Loop
    /// Around the product, outermost first.
    private let loops: FixedList<ProductLoops.Loop>
    private let cut: ProductLoops.Cut?
    /// Multiply-adds in all.
    private let work: Int
    private let isEmptySum: Bool
    private let a: Place
    private let b: Place
    private let laterRows: FixedList<Rows>
    /// Further parts of the product's depth, where it goes through steps of a loop itself.
    private let joinedParts: FixedList<MatrixProduct<Scalar>.DepthPart>
    private let result: Place
    /// Elements of the result's memory.
    private let resultCount: Int
    private let start: Start
    private let isRectified: Bool

    /// - Parameter resultCount: how many elements the result's memory has.
    init(
        _ loops: ProductLoops, a: Place, b: Place, laterRows: [Rows], result: Place, resultCount: Int, start: Start,
        isRectified: Bool
    ) {
        rows = loops.rows
        depth = loops.depth
        columns = loops.columns
        self.loops = FixedList(loops.loops)
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
        self.isRectified = isRectified
        if case .addend(let addend) = start, addend.isContiguous(at: result) {
            self.start = .inPlace
        } else if case .addend(let addend) = start, !loops.isEmptySum, let columns = loops.columnsOfMatrix,
            let strides = addend.pattern.strides(rows: loops.rows.count, columns: columns)
        {
            self.start = .lying(addend.place, rows: strides.rows, columns: strides.columns)
        } else {
            self.start = start
        }
        cut = loops.cut(resultCount: resultCount, overwrites: self.start.isElsewhere)
    }

    deinit {
        loops.deallocate()
        laterRows.deallocate()
        joinedParts.deallocate()
    }

    override var scratchCount: Int { Scalar.kernels.matrixProductScratch(rows.count, columns.count, wholeDepth) }

    /// Columns are handed out in whole tiles of any kernel.
    private static var columnMultiple: Int { 64 }

    private var wholeDepth: Int { depth.count * (1 + joinedParts.elements.count) }

    /// Each element of the result is made in one piece, by the same chain of multiply-adds.
    override var pieceCount: Int {
        switch cut {
        case nil: 1
        case .rows: Self.pieces(work: work, atMost: rows.count / 16)
        case .columns: Self.pieces(work: work, atMost: columns.count / Self.columnMultiple)
        case .units(let units): pieces(of: units.count)
        }
    }

    /// Few units make a piece each, for else some pieces would have twice as much to do as others.
    private func pieces(of units: Int) -> Int {
        let count = Self.pieces(work: work, atMost: units)
        return count > 1 && units < 2 * count ? units : count
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let product = MatrixProduct(
            rows: rows.count, columns: columns.count, depth: wholeDepth,
            a: memory.pointer(a), aRowStride: rows.a, aColumnStride: depth.a,
            b: memory.pointer(b), bRowStride: depth.b, bColumnStride: columns.b,
            c: memory.pointer(result), cRowStride: rows.c, accumulates: true, laterParts: joinedParts.elements,
            isRectified: isRectified)
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
        var product = product
        if case .lying(let place, let rows, let columns) = start {
            product.start = .init(pointer: memory.pointer(place), rowStride: rows, columnStride: columns)
        }
        var share: Share?
        // The elements to which something has to be written beforehand.
        var elements = 0..<resultCount
        if piece.count > 1, let cut {
            switch cut {
            case .rows:
                // Groups of four rows, the height of a tile.
                let range = piece.range(of: rows.count, multiple: 4)
                elements = range.scaled(by: rows.c)
                take(range, of: &product)
            case .columns:
                let range = piece.range(of: columns.count, multiple: Self.columnMultiple)
                product.columns = range.count
                product.b += range.lowerBound * columns.b
                product.c += range.lowerBound
                product.start = product.start?.from(row: 0, column: range.lowerBound)
            case .units(let units):
                let range = piece.range(of: units.count, multiple: 1)
                elements = range.scaled(by: loops.elements[units.loops.lowerBound].c)
                share = Share(units: units, range: range)
            }
        }
        let first = memory.pointer(result) + elements.lowerBound
        switch start {
        case .nothing: product.accumulates = false
        case .zeros: memory.kernels.fill(first, 0, elements.count)
        case .addend(let addend): addend.load(elements, to: first, memory)
        case .lying, .inPlace: break
        }
        if isEmptySum {
            // There is no work that would be worth cutting, so this is the whole result.
            if case .nothing = start { memory.kernels.fill(first, 0, elements.count) }
            return
        }
        run(0, share, product, memory.kernels.matrixProduct, memory.scratch(piece))
    }

    /// What a piece does of loops that are cut.
    private struct Share {
        let units: ProductUnits
        let range: Range<Int>
    }

    private func take(_ range: Range<Int>, of product: inout MatrixProduct<Scalar>) {
        product.rows = range.count
        product.a += range.lowerBound * rows.a
        product.c += range.lowerBound * rows.c
        product.start = product.start?.from(row: range.lowerBound, column: 0)
    }

    /// Runs the loops from `index` on.
    ///
    /// - Parameter share: what to do of loops that are cut; nil is all.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        _ index: Int, _ share: Share?, _ product: MatrixProduct<Scalar>,
        _ kernel: (MatrixProduct<Scalar>, UnsafeMutablePointer<Scalar>) -> Void, _ scratch: UnsafeMutablePointer<Scalar>
    ) {
        if let share, share.units.loops.lowerBound == index { return run(share, product, kernel, scratch) }
        guard index < loops.elements.count else { return kernel(product, scratch) }
        let loop = loops.elements[index]
        let isRectified = product.isRectified
        var product = product
        for step in 0..<loop.count {
            // Sums are whole after the last of their steps.
            if loop.isDepth { product.isRectified = isRectified && step == loop.count - 1 }
            run(index + 1, share, product, kernel, scratch)
            product.advance(1, along: loop)
            if loop.isDepth { product.accumulates = true }
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        _ share: Share, _ product: MatrixProduct<Scalar>,
        _ kernel: (MatrixProduct<Scalar>, UnsafeMutablePointer<Scalar>) -> Void, _ scratch: UnsafeMutablePointer<Scalar>
    ) {
        for unit in share.range {
            var (rows, step) = share.units.place(of: unit)
            var part = product
            take(rows, of: &part)
            for loop in loops.elements[share.units.loops].reversed() {
                part.advance(step % loop.count, along: loop)
                step /= loop.count
            }
            run(share.units.loops.upperBound, nil, part, kernel, scratch)
        }
    }
}

extension ProductLoops {
    /// How many columns the result has as a matrix of the product's rows without gaps, all of whose loops, if there are
    /// any, go through its columns; nil where it isn't one.
    fileprivate var columnsOfMatrix: Int? {
        var count = columns.count
        for loop in loops {
            guard loop.a == 0, loop.c == columns.count, count == columns.count else { return nil }
            count *= loop.count
        }
        return rows.c == count || rows.count == 1 ? count : nil
    }
}

extension AccessPattern {
    /// How far apart the rows and the columns of a matrix are that lies like this: next to each other, or in one place
    /// again and again. Nil where it is otherwise.
    fileprivate func strides(rows: Int, columns: Int) -> (rows: Int, columns: Int)? {
        guard let last = strides.last, last == 0 || last == 1 else { return nil }
        if sizes == [rows * columns] { return (last * columns, last) }
        return sizes == [rows, columns] ? (strides[0], last) : nil
    }
}

extension MatrixProduct {
    fileprivate mutating func advance(_ steps: Int, along loop: ProductLoops.Loop) {
        a += steps * loop.a
        b += steps * loop.b
        c += steps * loop.c
        // Only blocks of columns are added to a start.
        start = start?.from(row: 0, column: steps * loop.c)
    }
}
