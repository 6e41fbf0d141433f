/// What a tile reads of a row of `b` at once.
public protocol OperandRow {
    associatedtype Target: KernelTarget
    static var columnCount: Int { get }

    static func load(_ pointer: UnsafePointer<Target.Scalar>) -> Self
}

/// One row of a tile of a matrix product: neighbouring vectors, kept in registers.
public protocol TileRow: OperandRow {
    static var vectorCount: Int { get }

    static var zero: Self { get }
    static func repeating(_ value: Target.Scalar) -> Self
    func store(_ pointer: UnsafeMutablePointer<Target.Scalar>)

    /// Reads and writes `count` elements, which must reach into the last vector.
    static func load(_ pointer: UnsafePointer<Target.Scalar>, count: Int) -> Self
    func store(_ pointer: UnsafeMutablePointer<Target.Scalar>, count: Int)

    /// With 0 in place of what is below it.
    var rectified: Self { get }

    /// `factor * row + self`
    func adding(_ factor: Target.Vector, times row: Self) -> Self
}

extension KernelTarget {
    /// A vector with 0 in place of what is below it.
    @inlinable @inline(always)
    static func rectified(_ vector: Vector) -> Vector { MaximumKernel<Self>.apply(vector, Vector(repeating: 0)) }
}

extension TileRow {
    @inlinable @inline(always)
    public static var columnCount: Int { vectorCount &* Target.Vector.laneCount }
}

public struct SingleVector<Target: KernelTarget>: TileRow {
    @usableFromInline var vector: Target.Vector

    @inlinable @inline(always)
    init(vector: Target.Vector) { self.vector = vector }

    @inlinable @inline(always)
    public static var vectorCount: Int { 1 }

    @inlinable @inline(always)
    public static var zero: Self { repeating(0) }

    @inlinable @inline(always)
    public static func repeating(_ value: Target.Scalar) -> Self { Self(vector: Target.Vector(repeating: value)) }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Target.Scalar>) -> Self {
        Self(vector: Target.Vector.load(pointer))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Target.Scalar>) { vector.store(pointer) }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Target.Scalar>, count: Int) -> Self {
        Self(vector: Target.Vector.load(pointer, count: count))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Target.Scalar>, count: Int) {
        vector.store(pointer, count: count)
    }

    @inlinable @inline(always)
    public var rectified: Self { Self(vector: Target.rectified(vector)) }

    @inlinable @inline(always)
    public func adding(_ factor: Target.Vector, times row: Self) -> Self {
        Self(vector: Target.multiplyAdd(factor, row.vector, vector))
    }
}

/// A row with one vector more than `Rest`, before it.
public struct OneMoreVector<Rest: TileRow>: TileRow {
    public typealias Target = Rest.Target

    @usableFromInline var first: Target.Vector
    @usableFromInline var rest: Rest

    @inlinable @inline(always)
    init(first: Target.Vector, rest: Rest) {
        self.first = first
        self.rest = rest
    }

    @inlinable @inline(always)
    public static var vectorCount: Int { 1 + Rest.vectorCount }

    @inlinable @inline(always)
    public static var zero: Self { repeating(0) }

    @inlinable @inline(always)
    public static func repeating(_ value: Target.Scalar) -> Self {
        Self(first: Target.Vector(repeating: value), rest: Rest.repeating(value))
    }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Target.Scalar>) -> Self {
        Self(first: Target.Vector.load(pointer), rest: Rest.load(pointer + Target.Vector.laneCount))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Target.Scalar>) {
        first.store(pointer)
        rest.store(pointer + Target.Vector.laneCount)
    }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Target.Scalar>, count: Int) -> Self {
        let laneCount = Target.Vector.laneCount
        return Self(
            first: Target.Vector.load(pointer), rest: Rest.load(pointer + laneCount, count: count &- laneCount))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Target.Scalar>, count: Int) {
        first.store(pointer)
        rest.store(pointer + Target.Vector.laneCount, count: count &- Target.Vector.laneCount)
    }

    @inlinable @inline(always)
    public var rectified: Self { Self(first: Target.rectified(first), rest: rest.rectified) }

    @inlinable @inline(always)
    public func adding(_ factor: Target.Vector, times row: Self) -> Self {
        Self(
            first: Target.multiplyAdd(factor, row.first, first),
            rest: rest.adding(factor, times: row.rest))
    }
}
