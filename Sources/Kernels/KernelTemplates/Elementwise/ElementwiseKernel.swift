/// An operation of one operand on whole vectors.
public protocol UnaryKernel {
    associatedtype Target: KernelTarget
    static func apply(_ a: Target.Vector) -> Target.Vector
}

/// An operation of two operands on whole vectors.
public protocol BinaryKernel {
    associatedtype Target: KernelTarget
    static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector
}

/// An operation of three operands on whole vectors.
public protocol TernaryKernel {
    associatedtype Target: KernelTarget
    static func apply(_ a: Target.Vector, _ b: Target.Vector, _ c: Target.Vector) -> Target.Vector
}

extension UnaryKernel {
    @inlinable @inline(always)
    public static func run(
        _ out: UnsafeMutablePointer<Target.Scalar>, _ a: UnsafePointer<Target.Scalar>, _ count: Int
    ) {
        typealias Vector = Target.Vector
        var index = 0
        while index &+ Vector.laneCount <= count {
            apply(Vector.load(a + index)).store(out + index)
            index &+= Vector.laneCount
        }
        if index < count {
            apply(Vector.load(a + index, count: count - index)).store(out + index, count: count - index)
        }
    }
}

extension BinaryKernel {
    @inlinable @inline(always)
    public static func run(
        _ out: UnsafeMutablePointer<Target.Scalar>, _ a: UnsafePointer<Target.Scalar>,
        _ b: UnsafePointer<Target.Scalar>, _ count: Int
    ) {
        typealias Vector = Target.Vector
        var index = 0
        while index &+ Vector.laneCount <= count {
            apply(Vector.load(a + index), Vector.load(b + index)).store(out + index)
            index &+= Vector.laneCount
        }
        if index < count {
            let rest = count - index
            apply(Vector.load(a + index, count: rest), Vector.load(b + index, count: rest))
                .store(out + index, count: rest)
        }
    }
}

extension TernaryKernel {
    @inlinable @inline(always)
    public static func run(
        _ out: UnsafeMutablePointer<Target.Scalar>, _ a: UnsafePointer<Target.Scalar>,
        _ b: UnsafePointer<Target.Scalar>, _ c: UnsafePointer<Target.Scalar>, _ count: Int
    ) {
        typealias Vector = Target.Vector
        var index = 0
        while index &+ Vector.laneCount <= count {
            apply(Vector.load(a + index), Vector.load(b + index), Vector.load(c + index)).store(out + index)
            index &+= Vector.laneCount
        }
        if index < count {
            let rest = count - index
            apply(
                Vector.load(a + index, count: rest), Vector.load(b + index, count: rest),
                Vector.load(c + index, count: rest)
            ).store(out + index, count: rest)
        }
    }
}
