/// One matrix product `c = a · b`, `c += a · b` or `c = start + a · b`, over raw row-major or transposed memory.
///
/// `a` is `rows × depth`, `b` is `depth × columns`, `c` is `rows × columns` with unit column stride. An operand is
/// row-major when its column stride is 1 and transposed when its row stride is 1; one of the two always is.
public struct MatrixProduct<Scalar> {
    public var rows: Int
    public var columns: Int
    public var depth: Int
    public var a: UnsafePointer<Scalar>
    public var aRowStride: Int
    public var aColumnStride: Int
    public var b: UnsafePointer<Scalar>
    public var bRowStride: Int
    public var bColumnStride: Int
    public var c: UnsafeMutablePointer<Scalar>
    public var cRowStride: Int
    /// Whether the product is added to what `c` holds.
    public var accumulates: Bool
    /// What the product is added to in place of what `c` holds; nil where there is no such thing.
    public var start: Start?
    /// Where depth goes on in places that don't follow the first ones, in its order; `depth` counts it all.
    public var laterParts: UnsafeBufferPointer<DepthPart>
    /// Whether what comes out below 0 is written as 0, as by `ElementwiseOperation.maximum` with 0; not for an empty sum.
    public var isRectified: Bool

    /// A value for each element of `c`, which may repeat itself along rows, columns or both.
    public struct Start {
        public var pointer: UnsafePointer<Scalar>
        public var rowStride: Int
        /// 1, or 0 where all columns have the same.
        public var columnStride: Int

        @inlinable
        public init(pointer: UnsafePointer<Scalar>, rowStride: Int, columnStride: Int) {
            self.pointer = pointer
            self.rowStride = rowStride
            self.columnStride = columnStride
        }

        /// The part that begins at a row and a column.
        @inlinable @inline(always)
        public func from(row: Int, column: Int) -> Self {
            Self(
                pointer: pointer + (row &* rowStride &+ column &* columnStride), rowStride: rowStride,
                columnStride: columnStride)
        }
    }

    /// Some columns of `a` and rows of `b` that lie by themselves, as far apart as the others.
    public struct DepthPart {
        /// From the first element of `a` to that of these columns.
        public var aDistance: Int
        /// From the first element of `b` to that of these rows.
        public var bDistance: Int
        public var count: Int

        @inlinable
        public init(aDistance: Int, bDistance: Int, count: Int) {
            self.aDistance = aDistance
            self.bDistance = bDistance
            self.count = count
        }
    }

    @inlinable
    public init(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Scalar>, aRowStride: Int, aColumnStride: Int,
        b: UnsafePointer<Scalar>, bRowStride: Int, bColumnStride: Int,
        c: UnsafeMutablePointer<Scalar>, cRowStride: Int, accumulates: Bool,
        start: Start? = nil, laterParts: UnsafeBufferPointer<DepthPart> = UnsafeBufferPointer(start: nil, count: 0),
        isRectified: Bool = false
    ) {
        self.rows = rows
        self.columns = columns
        self.depth = depth
        self.a = a
        self.aRowStride = aRowStride
        self.aColumnStride = aColumnStride
        self.b = b
        self.bRowStride = bRowStride
        self.bColumnStride = bColumnStride
        self.c = c
        self.cRowStride = cRowStride
        self.accumulates = accumulates
        self.start = start
        self.laterParts = laterParts
        self.isRectified = isRectified
    }
}
