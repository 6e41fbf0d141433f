/// One matrix product `c = a · b`, or `c += a · b`, over raw row-major or transposed memory.
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
    /// Where the rows of `b` go on that don't follow its first ones, in the order of depth.
    public var laterRows: UnsafeBufferPointer<Rows>

    /// Some rows of `b` that lie by themselves, as far apart as its others.
    public struct Rows {
        /// From the first element of `b` to that of these rows.
        public var distance: Int
        public var count: Int

        @inlinable
        public init(distance: Int, count: Int) {
            self.distance = distance
            self.count = count
        }
    }

    @inlinable
    public init(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Scalar>, aRowStride: Int, aColumnStride: Int,
        b: UnsafePointer<Scalar>, bRowStride: Int, bColumnStride: Int,
        c: UnsafeMutablePointer<Scalar>, cRowStride: Int, accumulates: Bool,
        laterRows: UnsafeBufferPointer<Rows> = UnsafeBufferPointer(start: nil, count: 0)
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
        self.laterRows = laterRows
    }
}
