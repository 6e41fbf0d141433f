/// A block of the output of a matrix product that stays in registers while the product runs down `depth`.
///
/// Every element is one chain of multiply-adds in the order of depth, starting from 0, from what `c` holds or from the product's start.
public protocol Tile {
    associatedtype Row: OperandRow
    static var rowCount: Int { get }

    static var zero: Self { get }
    /// Each row is the element where it begins, again and again.
    static func repeating(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self
    static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self
    func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int)

    /// The same for the first `columns` of every row; see `TileRow.load(_:count:)`.
    static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self
    func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int)

    /// With 0 in place of what is below it; see `MatrixProduct.isRectified`.
    var rectified: Self { get }

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
    public static func repeating(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        Self(row: Row.repeating(c[0]))
    }

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
    public var rectified: Self { Self(row: row.rectified) }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        Self(row: self.row.adding(Row.Target.Vector(repeating: a[0]), times: row))
    }
}

/// A tile with one row more than `Rest`, above it.
public struct OneMoreRow<Rest: Tile>: Tile where Rest.Row: TileRow {
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
    public static func repeating(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        Self(first: Row.repeating(c[0]), rest: Rest.repeating(c + rowStride, rowStride))
    }

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
    public var rectified: Self { Self(first: first.rectified, rest: rest.rectified) }

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
        let isWhole = panel.columns == Row.columnCount

        var tile = zero
        if let start = panel.start {
            let first = start.from(row: row, column: 0).pointer
            if start.columnStride == 0 {
                tile = repeating(first, start.rowStride)
            } else {
                tile = isWhole ? load(first, start.rowStride) : load(first, start.rowStride, columns: panel.columns)
            }
        }
        var remaining = panel.depth
        if rowCount > 1, let steps = panel.elementSteps {
            tile = tile.addingWhereNotZero(panel, steps, row: row, firstA)
            remaining = 0
        }
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
        if panel.isRectified { tile = tile.rectified }
        if isWhole {
            tile.store(c, panel.cRowStride)
        } else {
            tile.store(c, panel.cRowStride, columns: panel.columns)
        }
    }
}

/// A tile of as many rows as two of `Half`.
public struct TwoTiles<Half: Tile>: Tile {
    public typealias Row = Half.Row

    @usableFromInline var upper: Half
    @usableFromInline var lower: Half

    @inlinable @inline(always)
    init(upper: Half, lower: Half) {
        self.upper = upper
        self.lower = lower
    }

    @inlinable @inline(always)
    public static var rowCount: Int { 2 &* Half.rowCount }

    @inlinable @inline(always)
    public static var zero: Self { Self(upper: Half.zero, lower: Half.zero) }

    @inlinable @inline(always)
    public static func repeating(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        Self(
            upper: Half.repeating(c, rowStride),
            lower: Half.repeating(c + Half.rowCount &* rowStride, rowStride))
    }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int) -> Self {
        Self(upper: Half.load(c, rowStride), lower: Half.load(c + Half.rowCount &* rowStride, rowStride))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int) {
        upper.store(c, rowStride)
        lower.store(c + Half.rowCount &* rowStride, rowStride)
    }

    @inlinable @inline(always)
    public static func load(_ c: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) -> Self {
        Self(
            upper: Half.load(c, rowStride, columns: columns),
            lower: Half.load(c + Half.rowCount &* rowStride, rowStride, columns: columns))
    }

    @inlinable @inline(always)
    public func store(_ c: UnsafeMutablePointer<Row.Target.Scalar>, _ rowStride: Int, columns: Int) {
        upper.store(c, rowStride, columns: columns)
        lower.store(c + Half.rowCount &* rowStride, rowStride, columns: columns)
    }

    @inlinable @inline(always)
    public var rectified: Self { Self(upper: upper.rectified, lower: lower.rectified) }

    @inlinable @inline(always)
    public func adding(_ a: UnsafePointer<Row.Target.Scalar>, _ rowStride: Int, times row: Row) -> Self {
        Self(
            upper: upper.adding(a, rowStride, times: row),
            lower: lower.adding(a + Half.rowCount &* rowStride, rowStride, times: row))
    }
}

public typealias TwoRows<Row: TileRow> = OneMoreRow<SingleRow<Row>>
public typealias FourRows<Row: TileRow> = OneMoreRow<OneMoreRow<TwoRows<Row>>>
public typealias SixRows<Row: TileRow> = OneMoreRow<OneMoreRow<FourRows<Row>>>
public typealias EightRows<Row: TileRow> = TwoTiles<FourRows<Row>>
public typealias FourHalfEndedRows<Whole: TileRow> = TwoTiles<TwoHalfEndedRows<Whole>>
public typealias EightHalfEndedRows<Whole: TileRow> = TwoTiles<FourHalfEndedRows<Whole>>
