/// A product restricted to one panel: columns as many as one tile is wide, all rows, one block of depth.
public struct Panel<Scalar> {
    @usableFromInline var rows: Int
    /// How many of the tile's columns are real.
    @usableFromInline var columns: Int
    @usableFromInline var depth: Int
    @usableFromInline var a: UnsafePointer<Scalar>
    /// From one group of four rows of `a` to the next.
    @usableFromInline var aGroupStride: Int
    /// From one row of a group to the next.
    @usableFromInline var aRowStride: Int
    @usableFromInline var aColumnStride: Int
    @usableFromInline var b: UnsafePointer<Scalar>
    @usableFromInline var bRowStride: Int
    @usableFromInline var c: UnsafeMutablePointer<Scalar>
    @usableFromInline var cRowStride: Int
    @usableFromInline var accumulates: Bool

    @inlinable @inline(always)
    init(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Scalar>, aGroupStride: Int, aRowStride: Int,
        aColumnStride: Int, b: UnsafePointer<Scalar>, bRowStride: Int, c: UnsafeMutablePointer<Scalar>, cRowStride: Int,
        accumulates: Bool
    ) {
        self.rows = rows
        self.columns = columns
        self.depth = depth
        self.a = a
        self.aGroupStride = aGroupStride
        self.aRowStride = aRowStride
        self.aColumnStride = aColumnStride
        self.b = b
        self.bRowStride = bRowStride
        self.c = c
        self.cRowStride = cRowStride
        self.accumulates = accumulates
    }
}

extension TileRow {
    /// Multiplies a panel four rows at a time, then one by one. `tileScratch` holds one tile.
    ///
    /// It is not inlined: one copy serves every panel of its width.
    @inlinable @inline(never)
    static func multiply(_ panel: Panel<Target.Scalar>, _ tileScratch: UnsafeMutablePointer<Target.Scalar>) {
        var row = 0
        while row &+ FourRows<Self>.rowCount <= panel.rows {
            multiply(FourRows<Self>.self, panel, row, tileScratch)
            row &+= FourRows<Self>.rowCount
        }
        while row < panel.rows {
            multiply(SingleRow<Self>.self, panel, row, tileScratch)
            row &+= 1
        }
    }

    @inlinable @inline(always)
    static func multiply<Block: Tile>(
        _: Block.Type, _ panel: Panel<Target.Scalar>, _ row: Int, _ tileScratch: UnsafeMutablePointer<Target.Scalar>
    ) where Block.Row == Self {
        let width = vectorCount &* Target.Vector.laneCount
        let c = panel.c + row &* panel.cRowStride
        let isPartial = panel.columns < width
        let tileStride = isPartial ? width : panel.cRowStride
        let tile = isPartial ? tileScratch : c
        if isPartial && panel.accumulates {
            copy(from: c, panel.cRowStride, to: tile, tileStride, rows: Block.rowCount, columns: panel.columns)
        }
        let a = panel.a + ((row >> 2) &* panel.aGroupStride &+ (row & 3) &* panel.aRowStride)
        Block.multiply(
            depth: panel.depth, a: a, aRowStride: panel.aRowStride, aColumnStride: panel.aColumnStride,
            b: panel.b, bRowStride: panel.bRowStride, c: tile, cRowStride: tileStride, accumulates: panel.accumulates)
        if isPartial {
            copy(from: tile, tileStride, to: c, panel.cRowStride, rows: Block.rowCount, columns: panel.columns)
        }
    }

    @inlinable @inline(always)
    static func copy(
        from source: UnsafePointer<Target.Scalar>, _ sourceStride: Int,
        to target: UnsafeMutablePointer<Target.Scalar>, _ targetStride: Int, rows: Int, columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                target[row &* targetStride &+ column] = source[row &* sourceStride &+ column]
            }
        }
    }
}
