/// A block of the output of a matrix product that stays in registers while the product runs down `depth`.
///
/// Every element is one chain of multiply-adds in the order of depth, starting from 0 or from what `c` holds.
public protocol Tile {
    associatedtype Row: TileRow
    static var rowCount: Int { get }

    static var zero: Self { get }
    static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self
    func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int)

    /// The same for the first `columns` of every row; see `TileRow.load(_:count:)`.
    static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self
    func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int)

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
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self {
        Self(row: Row.load(c, count: columns))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) {
        row.store(c, count: columns)
    }

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
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self {
        Self(first: Row.load(c, count: columns), rest: Rest.load(c + rowStride, rowStride, columns: columns))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) {
        first.store(c, count: columns)
        rest.store(c + rowStride, rowStride, columns: columns)
    }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        Self(
            first: first.adding(Row.Target.Vector(repeating: a[0]), times: row),
            rest: rest.adding(a + rowStride, rowStride, times: row))
    }
}

extension Tile {
    /// Computes the tile of a panel that starts at `row`.
    @inlinable @inline(always)
    static func multiply(_ panel: Panel<Row.Target.Scalar>, row: Int) {
        let firstA = panel.a + ((row >> 2) &* panel.aGroupStride &+ (row & 3) &* panel.aRowStride)
        var (a, b) = (firstA, panel.b)
        let c = panel.c + row &* panel.cRowStride
        let aRowStride = panel.aRowStride
        let aColumnStride = panel.aColumnStride
        let bRowStride = panel.bRowStride
        let isWhole = panel.columns == Row.vectorCount &* Row.Target.Vector.laneCount

        var tile = zero
        if panel.accumulates {
            tile = isWhole ? load(c, panel.cRowStride) : load(c, panel.cRowStride, columns: panel.columns)
        }
        var remaining = panel.depth
        var part = 0
        while true {
            while remaining > 0 {
                tile = tile.adding(a, aRowStride, times: Row.load(b))
                a += aColumnStride
                b += bRowStride
                remaining &-= 1
            }
            if part == panel.laterParts.count { break }
            a = firstA + panel.laterParts[part].aDistance
            b = panel.b + panel.laterParts[part].bDistance
            remaining = panel.laterParts[part].count
            part &+= 1
        }
        if isWhole {
            tile.store(c, panel.cRowStride)
        } else {
            tile.store(c, panel.cRowStride, columns: panel.columns)
        }
    }
}

public typealias FourRows<Row: TileRow> = OneMoreRow<OneMoreRow<OneMoreRow<SingleRow<Row>>>>
