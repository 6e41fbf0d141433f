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
    /// `depth` is that of what comes before these.
    @usableFromInline var laterParts: UnsafeBufferPointer<MatrixProduct<Scalar>.DepthPart>

    @inlinable @inline(always)
    init(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Scalar>, aGroupStride: Int, aRowStride: Int,
        aColumnStride: Int, b: UnsafePointer<Scalar>, bRowStride: Int, c: UnsafeMutablePointer<Scalar>, cRowStride: Int,
        accumulates: Bool, laterParts: UnsafeBufferPointer<MatrixProduct<Scalar>.DepthPart>
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
        self.laterParts = laterParts
    }
}

extension TileRow {
    /// Multiplies a panel four rows at a time, then one by one.
    ///
    /// It is not inlined: one copy serves every panel of its width.
    @inlinable @inline(never)
    static func multiply(_ panel: Panel<Target.Scalar>) {
        var row = 0
        while row &+ FourRows<Self>.rowCount <= panel.rows {
            FourRows<Self>.multiply(panel, row: row)
            row &+= FourRows<Self>.rowCount
        }
        while row < panel.rows {
            SingleRow<Self>.multiply(panel, row: row)
            row &+= 1
        }
    }

    /// Multiplies a panel of a single row.
    @inlinable @inline(never)
    static func multiplySingleRow(_ panel: Panel<Target.Scalar>) {
        SingleRow<Self>.multiply(panel, row: 0)
    }
}
