/// Matrix products in tiles of four rows by a few vectors, and of more rows where there are fewer.
///
/// Small products read both operands where they lie. An operand is first copied to the scratch memory, in the order
/// in which tiles read it, where its layout or its size would slow the tiles down: columns of `b` that are not
/// contiguous, and large operands. Depth is cut into blocks that accumulate into `c`, so the chain of additions of an
/// element is the same whatever the path.
public enum ProductKernel<Target: KernelTarget> {
    public typealias Scalar = Target.Scalar

    /// The depth of a block: a panel of `b` of this depth stays in the first-level cache. `ElementSteps` has as many bits.
    @inlinable @inline(always)
    static var depthBlock: Int { 256 }

    /// The depth of a block of few rows over long ones: a tile uses nearly all that it reads only once, and memory brings
    /// few rows of `b` side by side in time.
    @inlinable @inline(always)
    static var streamedDepth: Int { 8 }

    /// The rows of a packed block of `a`: it stays in the second-level cache.
    @inlinable @inline(always)
    static var rowBlock: Int { 128 }

    /// The columns of a block of `b`.
    @inlinable @inline(always)
    static var columnBlock: Int { 768 }

    @inlinable @inline(always)
    static var tileRows: Int { 4 }

    @inlinable @inline(always)
    static var tileColumns: Int { Target.tileVectors * Target.Vector.laneCount }

    @inlinable @inline(always)
    static func roundUp(_ count: Int, to multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }

    @inlinable @inline(always)
    static func packedASize(rows: Int, depth: Int) -> Int {
        roundUp(min(rows, rowBlock), to: tileRows) * min(depth, depthBlock)
    }

    @inlinable @inline(always)
    static func packedBSize(columns: Int, depth: Int) -> Int {
        roundUp(min(columns, columnBlock), to: Target.Vector.laneCount) * min(depth, depthBlock)
    }

    /// See `KernelTable.matrixProductScratch`.
    @inlinable @inline(always)
    public static func scratch(rows: Int, columns: Int, depth: Int) -> Int {
        ElementSteps.scratch(rows: min(rows, rowBlock), of: Scalar.self) + packedASize(rows: rows, depth: depth)
            + packedBSize(columns: columns, depth: depth)
    }

    /// See `KernelTable.matrixProduct`.
    @inlinable @inline(always)
    public static func run(_ product: MatrixProduct<Scalar>, _ scratch: UnsafeMutablePointer<Scalar>) {
        if product.depth <= 0 {
            takeStart(product)
            return
        }
        if product.laterParts.count > 0 && !readsPartsWhereTheyLie(product) {
            return multiplyParts(product, scratch)
        }
        multiplyWhole(product, scratch)
    }

    /// Whether one tile can go through all parts of depth, wherever they lie: nothing has to be copied first.
    @inlinable @inline(always)
    static func readsPartsWhereTheyLie(_ product: MatrixProduct<Scalar>) -> Bool {
        product.bColumnStride == 1 && product.columns % Target.Vector.laneCount == 0 && product.columns <= columnBlock
            && product.depth <= depthBlock && product.depth &* product.columns <= 16_384
            && product.rows &* product.depth <= 16_384
    }

    /// Adds the products of one part of depth after the other.
    @inlinable @inline(never)
    static func multiplyParts(_ product: MatrixProduct<Scalar>, _ scratch: UnsafeMutablePointer<Scalar>) {
        var part = product
        part.laterParts = UnsafeBufferPointer(start: nil, count: 0)
        part.isRectified = false
        for later in product.laterParts { part.depth &-= later.count }
        var next = 0
        while true {
            if next == product.laterParts.count { part.isRectified = product.isRectified }
            multiplyWhole(part, scratch)
            if next == product.laterParts.count { return }
            part.a = product.a + product.laterParts[next].aDistance
            part.b = product.b + product.laterParts[next].bDistance
            part.depth = product.laterParts[next].count
            part.accumulates = true
            part.start = nil
            next &+= 1
        }
    }

    @inlinable @inline(always)
    static func multiplyWhole(_ product: MatrixProduct<Scalar>, _ scratch: UnsafeMutablePointer<Scalar>) {
        if Target.Vector.laneCount > Target.Narrow.Vector.laneCount
            && product.columns <= ProductKernel<Target.Narrow>.tileColumns
        {
            ProductKernel<Target.Narrow>.multiplyBlocks(product, scratch)
        } else {
            multiplyBlocks(product, scratch)
        }
    }

    @inlinable @inline(always)
    static func multiplyBlocks(_ product: MatrixProduct<Scalar>, _ scratch: UnsafeMutablePointer<Scalar>) {
        let isStreamed =
            isPair(product.rows) && product.bColumnStride == 1 && product.depth &* product.columns > 16_384
        let depthBlock = isStreamed ? streamedDepth : Self.depthBlock
        var depthStart = 0
        while depthStart < product.depth {
            var block = product
            block.depth = min(depthBlock, product.depth - depthStart)
            block.isRectified = product.isRectified && depthStart &+ block.depth == product.depth
            block.a += depthStart &* product.aColumnStride
            if depthStart > 0 {
                block.accumulates = true
                block.start = nil
            }
            let start = block.start
            var columnStart = 0
            while columnStart < product.columns {
                block.columns = min(columnBlock, product.columns - columnStart)
                block.b = product.b + (depthStart &* product.bRowStride &+ columnStart &* product.bColumnStride)
                block.c = product.c + columnStart
                block.start = start?.from(row: 0, column: columnStart)
                multiplyBlock(block, scratch)
                columnStart &+= columnBlock
            }
            depthStart &+= depthBlock
        }
    }

    /// A sum of no products.
    @inlinable @inline(always)
    static func takeStart(_ product: MatrixProduct<Scalar>) {
        guard product.start != nil || !product.accumulates else { return }
        for row in 0..<product.rows {
            for column in 0..<product.columns {
                product.c[row &* product.cRowStride &+ column] =
                    product.start?.from(row: row, column: column).pointer.pointee ?? 0
            }
        }
    }

    /// Multiplies one block of depth and of columns, all rows.
    @inlinable @inline(always)
    static func multiplyBlock(_ block: MatrixProduct<Scalar>, _ scratch: UnsafeMutablePointer<Scalar>) {
        let packedA = scratch + ElementSteps.scratch(rows: min(block.rows, rowBlock), of: Scalar.self)
        let packedB = packedA + packedASize(rows: block.rows, depth: block.depth)
        let packsB = block.bColumnStride != 1 || (block.rows >= 64 && block.depth &* block.columns > 16_384)
        let steps = hasZeroSteps(block) ? ElementSteps(words: scratch) : nil
        // Where most of `a` is passed over, a copy of it doesn't pay.
        let packsA = steps == nil && block.columns > 4 &* tileColumns && block.rows &* block.depth > 16_384
        let rowStep = packsA || steps != nil ? rowBlock : block.rows
        let held = MatrixProduct.Start(pointer: UnsafePointer(block.c), rowStride: block.cRowStride, columnStride: 1)
        let start = block.start ?? (block.accumulates ? held : nil)

        var rowStart = 0
        while rowStart < block.rows {
            let rows = min(rowStep, block.rows - rowStart)
            var panel = Panel(
                rows: rows, columns: 0, depth: block.depth,
                a: block.a + rowStart &* block.aRowStride, aGroupStride: tileRows &* block.aRowStride,
                aRowStride: block.aRowStride, aColumnStride: block.aColumnStride, b: block.b,
                bRowStride: block.bRowStride,
                c: block.c + rowStart &* block.cRowStride, cRowStride: block.cRowStride,
                start: start?.from(row: rowStart, column: 0), elementSteps: steps, laterParts: block.laterParts,
                isRectified: block.isRectified)
            for later in block.laterParts { panel.depth &-= later.count }
            if let steps {
                findElements(
                    panel.a, rows: rows, depth: block.depth, rowStride: block.aRowStride,
                    columnStride: block.aColumnStride, steps)
            }
            if packsA { packA(&panel, packedA) }
            multiplyPanels(panel, of: block, packsB: packsB, isPacked: rowStart > 0, packedB)
            rowStart &+= rowStep
        }
    }

    /// Multiplies all panels of some rows of a block; the first of these rows pack the panels of `b` for the others, so
    /// how wide a panel is may depend on the whole block alone.
    @inlinable @inline(always)
    static func multiplyPanels(
        _ rowPanel: Panel<Scalar>, of block: MatrixProduct<Scalar>, packsB: Bool, isPacked: Bool,
        _ packedB: UnsafeMutablePointer<Scalar>
    ) {
        let (columns, bColumnStride) = (block.columns, block.bColumnStride)
        let laneCount = Target.Vector.laneCount
        let vectors = (columns &+ laneCount &- 1) / laneCount
        var vector = 0
        while vector < vectors {
            let vectorCount = panelVectors(remaining: vectors - vector, rows: block.rows)
            let column = vector &* laneCount
            var panel = rowPanel
            panel.columns = min(vectorCount &* laneCount, columns - column)
            panel.b = rowPanel.b + column &* bColumnStride
            panel.c = rowPanel.c + column
            panel.start = rowPanel.start?.from(row: 0, column: column)
            let width = PanelWidth(vectors: vectorCount, endsInHalf: endsInHalf(panel, vectorCount: vectorCount))
            let lanes = width.lanes(laneCount)
            let unused = lanes &- panel.columns
            if !packsB && unused > 0 && unused <= panel.bRowStride && panel.depth > 1 {
                multiplyBeyondColumns(panel, width, packedB)
            } else {
                if packsB || unused > 0 {
                    let target = packedB + column &* panel.depth
                    if !isPacked { packB(panel, bColumnStride: bColumnStride, width: lanes, target) }
                    panel.b = UnsafePointer(target)
                    panel.bRowStride = lanes
                }
                multiply(panel, width)
            }
            vector &+= vectorCount
        }
    }

    /// Whether half a vector is enough for the end of a panel's rows, and there are tiles for that.
    @inlinable @inline(always)
    static func endsInHalf(_ panel: Panel<Scalar>, vectorCount: Int) -> Bool {
        let unused = vectorCount &* Target.Vector.laneCount &- panel.columns
        return Target.tileVectors >= 3 && (vectorCount == 2 || vectorCount == 3)
            && unused >= Target.Vector.laneCount / 2 && panel.hasEvenRows
    }

    /// Multiplies a panel that doesn't fill its vectors without packing it: the lanes that are left read what follows a
    /// row, and nothing is stored of them. Nothing may follow the last row, so that one is copied.
    @inlinable @inline(always)
    static func multiplyBeyondColumns(
        _ whole: Panel<Scalar>, _ width: PanelWidth, _ packedB: UnsafeMutablePointer<Scalar>
    ) {
        var (panel, last) = (whole, whole)
        panel.depth &-= 1
        last.b += panel.depth &* panel.bRowStride
        last.depth = 1
        packB(last, bColumnStride: 1, width: width.lanes(Target.Vector.laneCount), packedB)
        let distance = UnsafeRawPointer(packedB) - UnsafeRawPointer(panel.b)
        var part = MatrixProduct<Scalar>.DepthPart(
            aDistance: panel.depth &* panel.aColumnStride, bDistance: distance / MemoryLayout<Scalar>.stride, count: 1)
        withUnsafePointer(to: &part) {
            panel.laterParts = UnsafeBufferPointer(start: $0, count: 1)
            multiply(panel, width)
        }
    }

    /// The widest tile, but never leaving a single vector to the last panel: narrow tiles are slow.
    @inlinable @inline(always)
    static func panelVectors(remaining: Int, rows: Int) -> Int {
        if rows == 1 && remaining >= singleRowVectors { return singleRowVectors }
        if isPair(rows) && remaining >= pairVectors { return pairVectors }
        let widest = Target.tileVectors
        if remaining <= widest { return remaining }
        return remaining == widest + 1 && widest > 2 ? widest - 1 : widest
    }

    /// A single row needs as many accumulators side by side as keep the multipliers busy.
    @inlinable @inline(always)
    static var singleRowVectors: Int { 8 }

    /// And two rows half as many each.
    @inlinable @inline(always)
    static var pairVectors: Int { 4 }

    /// Whether rows are too few for tiles of four, and there are registers for two long ones.
    @inlinable @inline(always)
    static func isPair(_ rows: Int) -> Bool { Target.tileVectors >= 2 && rows > 1 && rows < tileRows }

    @inlinable @inline(always)
    static func multiply(_ panel: Panel<Scalar>, _ width: PanelWidth) {
        typealias Row1 = SingleVector<Target>
        typealias Row2 = OneMoreVector<Row1>
        typealias Row3 = OneMoreVector<Row2>
        typealias Row4 = OneMoreVector<Row3>
        typealias Row8 = OneMoreVector<OneMoreVector<OneMoreVector<OneMoreVector<Row4>>>>
        let vectors = width.vectors
        if vectors == singleRowVectors {
            Row8.multiplySingleRow(panel)
        } else if Target.tileVectors >= 2 && vectors == pairVectors && panel.rows < tileRows {
            Row4.multiplyInPairs(panel)
        } else if Target.tileVectors >= 3 && width.endsInHalf {
            if vectors == 2 { Row1.multiplyHalfEnded(panel) } else { Row2.multiplyHalfEnded(panel) }
        } else if Target.tileVectors >= 3 && vectors < 3 && panel.hasEvenRows {
            if vectors == 1 { Row1.multiplyInEights(panel) } else { Row2.multiplyInSixes(panel) }
        } else if vectors == 1 {
            Row1.multiply(panel)
        } else if Target.tileVectors >= 2 && vectors == 2 {
            Row2.multiply(panel)
        } else if Target.tileVectors >= 3 && vectors == 3 {
            Row3.multiply(panel)
        } else if Target.tileVectors >= 4 {
            Row4.multiply(panel)
        }
    }
}
