/// A row of `b` that ends in half a vector, for tiles whose rows do.
///
/// A product of 20 columns in vectors of eight would else multiply four lanes of nothing in every 24. Each element of
/// the result goes through the same chain of multiply-adds as in whole vectors, and so has the same bits.
public struct HalfEndedRow<Whole: TileRow>: OperandRow {
    public typealias Target = Whole.Target

    @usableFromInline var whole: Whole
    /// The end in both halves.
    @usableFromInline var end: Target.Vector

    @inlinable @inline(always)
    init(whole: Whole, end: Target.Vector) {
        self.whole = whole
        self.end = end
    }

    @inlinable @inline(always)
    public static var columnCount: Int { Whole.columnCount &+ Target.Vector.laneCount / 2 }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Target.Scalar>) -> Self {
        Self(whole: Whole.load(pointer), end: Target.Vector.loadHalfTwice(pointer + Whole.columnCount))
    }
}

/// Two rows of a tile whose ends share one register.
public struct TwoHalfEndedRows<Whole: TileRow>: Tile {
    public typealias Row = HalfEndedRow<Whole>

    @usableFromInline var top: Whole
    @usableFromInline var bottom: Whole
    /// The end of the upper row, and then that of the lower one.
    @usableFromInline var ends: Whole.Target.Vector

    @inlinable @inline(always)
    init(top: Whole, bottom: Whole, ends: Whole.Target.Vector) {
        self.top = top
        self.bottom = bottom
        self.ends = ends
    }

    @inlinable @inline(always)
    public static var rowCount: Int { 2 }

    @inlinable @inline(always)
    public static var zero: Self {
        Self(top: Whole.zero, bottom: Whole.zero, ends: Whole.Target.Vector(repeating: 0))
    }

    @inlinable @inline(always)
    public static func repeating(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        let (upper, lower) = (c[0], c[rowStride])
        return Self(
            top: Whole.repeating(upper), bottom: Whole.repeating(lower),
            ends: .joining(Whole.Target.Vector(repeating: upper), Whole.Target.Vector(repeating: lower)))
    }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        load(c, rowStride, columns: Row.columnCount)
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int) {
        store(c, rowStride, columns: Row.columnCount)
    }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self {
        let (end, count) = (c + Whole.columnCount, columns &- Whole.columnCount)
        return Self(
            top: Whole.load(c), bottom: Whole.load(c + rowStride),
            ends: .joining(.load(end, count: count), Whole.Target.Vector.load(end + rowStride, count: count).turned))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) {
        let (end, count) = (c + Whole.columnCount, columns &- Whole.columnCount)
        top.store(c)
        bottom.store(c + rowStride)
        ends.store(end, count: count)
        ends.turned.store(end + rowStride, count: count)
    }

    @inlinable @inline(always)
    public var rectified: Self {
        Self(top: top.rectified, bottom: bottom.rectified, ends: Row.Target.rectified(ends))
    }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        let upper = Row.Target.Vector(repeating: a[0])
        let lower = Row.Target.Vector(repeating: a[rowStride])
        return Self(
            top: top.adding(upper, times: row.whole), bottom: bottom.adding(lower, times: row.whole),
            ends: Row.Target.multiplyAdd(.joining(upper, lower), row.end, ends))
    }
}

/// A single such row; the upper half of its last vector is of no use.
public struct SingleHalfEndedRow<Whole: TileRow>: Tile {
    public typealias Row = HalfEndedRow<Whole>

    @usableFromInline var whole: Whole
    @usableFromInline var end: Whole.Target.Vector

    @inlinable @inline(always)
    init(whole: Whole, end: Whole.Target.Vector) {
        self.whole = whole
        self.end = end
    }

    @inlinable @inline(always)
    public static var rowCount: Int { 1 }

    @inlinable @inline(always)
    public static var zero: Self { Self(whole: Whole.zero, end: Whole.Target.Vector(repeating: 0)) }

    @inlinable @inline(always)
    public static func repeating(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        Self(whole: Whole.repeating(c[0]), end: Whole.Target.Vector(repeating: c[0]))
    }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        load(c, rowStride, columns: Row.columnCount)
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int) {
        store(c, rowStride, columns: Row.columnCount)
    }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self {
        Self(
            whole: Whole.load(c), end: .load(c + Whole.columnCount, count: columns &- Whole.columnCount))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) {
        whole.store(c)
        end.store(c + Whole.columnCount, count: columns &- Whole.columnCount)
    }

    @inlinable @inline(always)
    public var rectified: Self { Self(whole: whole.rectified, end: Row.Target.rectified(end)) }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        let factor = Row.Target.Vector(repeating: a[0])
        return Self(
            whole: whole.adding(factor, times: row.whole), end: Row.Target.multiplyAdd(factor, row.end, end))
    }
}
