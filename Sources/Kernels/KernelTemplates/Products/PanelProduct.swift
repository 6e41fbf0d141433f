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
    /// What the product is added to; nil is nothing.
    @usableFromInline var start: MatrixProduct<Scalar>.Start?
    /// Where to look up which steps of depth add anything, if it's worthwhile to pass over the others.
    @usableFromInline var elementSteps: ElementSteps?
    /// `depth` is that of what comes before these.
    @usableFromInline var laterParts: UnsafeBufferPointer<MatrixProduct<Scalar>.DepthPart>
    /// See `MatrixProduct.isRectified`.
    @usableFromInline var isRectified: Bool

    @inlinable @inline(always)
    init(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Scalar>, aGroupStride: Int, aRowStride: Int,
        aColumnStride: Int, b: UnsafePointer<Scalar>, bRowStride: Int, c: UnsafeMutablePointer<Scalar>, cRowStride: Int,
        start: MatrixProduct<Scalar>.Start?, elementSteps: ElementSteps?,
        laterParts: UnsafeBufferPointer<MatrixProduct<Scalar>.DepthPart>, isRectified: Bool
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
        self.start = start
        self.elementSteps = elementSteps
        self.laterParts = laterParts
        self.isRectified = isRectified
    }
}

/// How wide a panel's tiles are.
@usableFromInline
struct PanelWidth {
    @usableFromInline var vectors: Int
    /// Whether the last vector is half of one.
    @usableFromInline var endsInHalf: Bool

    @inlinable @inline(always)
    init(vectors: Int, endsInHalf: Bool) {
        self.vectors = vectors
        self.endsInHalf = endsInHalf
    }

    @inlinable @inline(always)
    func lanes(_ laneCount: Int) -> Int { vectors &* laneCount &- (endsInHalf ? laneCount / 2 : 0) }
}

extension Panel {
    /// Whether all rows of `a` are equally far apart, and not in groups of four: tiles of any height can read them.
    @inlinable @inline(always)
    var hasEvenRows: Bool { aGroupStride == 4 &* aRowStride }

    /// Multiplies as many rows as go into tiles of this kind, from `row` on.
    @inlinable @inline(always)
    func multiply<Rows: Tile>(_ tiles: Rows.Type, from row: inout Int, upTo end: Int)
    where Rows.Row.Target.Vector.Scalar == Scalar {
        while row &+ Rows.rowCount <= end {
            Rows.multiply(self, row: row)
            row &+= Rows.rowCount
        }
    }

    /// How many rows tiles of six take, so that few are left which are not in tiles of six or four.
    @inlinable @inline(always)
    var rowsInSixes: Int {
        let rest = rows % 6
        return rest == 2 || rest == 3 ? max(rows &- rest &- 6, 0) : rows &- rest
    }
}

/// None of these is inlined: one copy serves every panel of its width.
extension TileRow {
    /// Multiplies a panel four rows at a time, then one by one.
    @inlinable @inline(never)
    static func multiply(_ panel: Panel<Target.Scalar>) {
        var row = 0
        panel.multiply(FourRows<Self>.self, from: &row, upTo: panel.rows)
        panel.multiply(SingleRow<Self>.self, from: &row, upTo: panel.rows)
    }

    /// Multiplies a panel of even rows, of two vectors, six rows at a time.
    @inlinable @inline(never)
    static func multiplyInSixes(_ panel: Panel<Target.Scalar>) {
        var row = 0
        panel.multiply(SixRows<Self>.self, from: &row, upTo: panel.rowsInSixes)
        panel.multiply(FourRows<Self>.self, from: &row, upTo: panel.rows)
        panel.multiply(SingleRow<Self>.self, from: &row, upTo: panel.rows)
    }

    /// Multiplies a panel of even rows, of one vector, eight rows at a time.
    @inlinable @inline(never)
    static func multiplyInEights(_ panel: Panel<Target.Scalar>) {
        var row = 0
        panel.multiply(EightRows<Self>.self, from: &row, upTo: panel.rows)
        panel.multiply(FourRows<Self>.self, from: &row, upTo: panel.rows)
        panel.multiply(SingleRow<Self>.self, from: &row, upTo: panel.rows)
    }

    /// Multiplies a panel of even rows that have half a vector more than this one, eight at a time where there are
    /// registers for that, and four at a time.
    @inlinable @inline(never)
    static func multiplyHalfEnded(_ panel: Panel<Target.Scalar>) {
        var row = 0
        if vectorCount == 1 || Target.vectorRegisters >= 32 {
            panel.multiply(EightHalfEndedRows<Self>.self, from: &row, upTo: panel.rows)
        }
        panel.multiply(FourHalfEndedRows<Self>.self, from: &row, upTo: panel.rows)
        panel.multiply(SingleHalfEndedRow<Self>.self, from: &row, upTo: panel.rows)
    }

    /// Multiplies a panel of even rows, fewer than four, two at a time.
    @inlinable @inline(never)
    static func multiplyInPairs(_ panel: Panel<Target.Scalar>) {
        var row = 0
        panel.multiply(TwoRows<Self>.self, from: &row, upTo: panel.rows)
        panel.multiply(SingleRow<Self>.self, from: &row, upTo: panel.rows)
    }

    /// Multiplies a panel of a single row.
    @inlinable @inline(never)
    static func multiplySingleRow(_ panel: Panel<Target.Scalar>) {
        SingleRow<Self>.multiply(panel, row: 0)
    }
}
