/// A block of the output of a matrix product that stays in registers while the product runs down `depth`.
///
/// Every element is one chain of multiply-adds in the order of depth, starting from 0 or from what `c` holds.
public protocol Tile {
    associatedtype Row: TileRow
    static var rowCount: Int { get }

    static var zero: Self { get }
    static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self
    func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int)

    /// Adds the outer product of a column of `a` and a row of `b`.
    func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self
}

public struct SingleRow<Row: TileRow>: Tile {
    @usableFromInline var row: Row

    @inlinable @inline(always)
    init(row: Row) { self.row = row }

    @inlinable @inline(always)
    public static var rowCount: Int { 1 }

    @inlinable @inline(always)
    public static var zero: Self { Self(row: Row.zero) }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self { Self(row: Row.load(c)) }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int) { row.store(c) }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        Self(row: self.row.adding(Row.Target.Vector(repeating: a[0]), times: row))
    }
}

/// A tile with one row more than `Rest`, above it.
public struct OneMoreRow<Rest: Tile>: Tile {
    public typealias Row = Rest.Row

    @usableFromInline var first: Row
    @usableFromInline var rest: Rest

    @inlinable @inline(always)
    init(first: Row, rest: Rest) {
        self.first = first
        self.rest = rest
    }

    @inlinable @inline(always)
    public static var rowCount: Int { 1 + Rest.rowCount }

    @inlinable @inline(always)
    public static var zero: Self { Self(first: Row.zero, rest: Rest.zero) }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        Self(first: Row.load(c), rest: Rest.load(c + rowStride, rowStride))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int) {
        first.store(c)
        rest.store(c + rowStride, rowStride)
    }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        Self(
            first: first.adding(Row.Target.Vector(repeating: a[0]), times: row),
            rest: rest.adding(a + rowStride, rowStride, times: row))
    }
}

extension Tile {
    /// Computes one tile. `b` and `c` are read and written by whole vectors.
    @inlinable @inline(always)
    static func multiply(
        depth: Int, a: UnsafePointer<Row.Target.Scalar>, aRowStride: Int, aColumnStride: Int,
        b: UnsafePointer<Row.Target.Scalar>, bRowStride: Int, c: UnsafeMutablePointer<Row.Target.Scalar>, cRowStride: Int, accumulates: Bool
    ) {
        var tile = accumulates ? load(c, cRowStride) : zero
        var a = a
        var b = b
        var remaining = depth
        while remaining > 0 {
            tile = tile.adding(a, aRowStride, times: Row.load(b))
            a += aColumnStride
            b += bRowStride
            remaining &-= 1
        }
        tile.store(c, cRowStride)
    }
}

public typealias FourRows<Row: TileRow> = OneMoreRow<OneMoreRow<OneMoreRow<SingleRow<Row>>>>
