/// How two partial results of a reduction become one.
public protocol ReductionKernel {
    associatedtype Target: KernelTarget
    static var identity: Target.Scalar { get }
    static func combine(_ left: Target.Vector, _ right: Target.Vector) -> Target.Vector
    static func combine(_ left: Target.Scalar, _ right: Target.Scalar) -> Target.Scalar
}

public enum SumReduction<Target: KernelTarget>: ReductionKernel {
    @inlinable @inline(always)
    public static var identity: Target.Scalar { 0 }

    @inlinable @inline(always)
    public static func combine(_ left: Target.Vector, _ right: Target.Vector) -> Target.Vector { left + right }

    @inlinable @inline(always)
    public static func combine(_ left: Target.Scalar, _ right: Target.Scalar) -> Target.Scalar { left + right }
}

/// NaN where any element is NaN.
public enum MaximumReduction<Target: KernelTarget>: ReductionKernel {
    @inlinable @inline(always)
    public static var identity: Target.Scalar { -Target.Scalar.infinity }

    @inlinable @inline(always)
    public static func combine(_ left: Target.Vector, _ right: Target.Vector) -> Target.Vector {
        MaximumKernel<Target>.apply(left, right)
    }

    @inlinable @inline(always)
    public static func combine(_ left: Target.Scalar, _ right: Target.Scalar) -> Target.Scalar {
        left > right || left != left ? left : right
    }
}

extension ReductionKernel {
    /// See `KernelTable.Reduction`.
    @inlinable @inline(always)
    public static func run(
        _ out: UnsafeMutablePointer<Target.Scalar>, _ input: UnsafePointer<Target.Scalar>,
        _ outer: Int, _ reduced: Int, _ inner: Int
    ) {
        for index in 0..<outer {
            if inner == 1 {
                out[index] = reduceContiguous(input + index &* reduced, reduced)
            } else {
                reduceRows(out + index &* inner, input + index &* reduced &* inner, reduced, inner)
            }
        }
    }

    /// Element i goes to partial result i modulo `reductionLanes`; the partial results are combined by halves. So the
    /// order does not depend on the width of the vectors.
    @inlinable @inline(always)
    static func reduceContiguous(_ input: UnsafePointer<Target.Scalar>, _ count: Int) -> Target.Scalar {
        typealias Vector = Target.Vector
        let isPair = Vector.laneCount < Target.Scalar.reductionLanes
        let step = Target.Scalar.reductionLanes
        var first = Vector(repeating: identity)
        var second = first
        var index = 0
        while index &+ step <= count {
            first = combine(first, Vector.load(input + index))
            if isPair { second = combine(second, Vector.load(input + (index &+ Vector.laneCount))) }
            index &+= step
        }
        if index < count {
            let rest = count - index
            let firstCount = min(rest, Vector.laneCount)
            first = combine(first, Vector.load(input + index, count: firstCount, padding: identity))
            if isPair {
                second = combine(
                    second,
                    Vector.load(input + index + firstCount, count: rest - firstCount, padding: identity))
            }
        }
        var result = isPair ? combine(first, second) : first
        var width = Vector.laneCount / 2
        while width > 0 {
            for lane in 0..<width { result[lane] = combine(result[lane], result[lane &+ width]) }
            width /= 2
        }
        return result[0]
    }

    /// Combines rows in order, a few neighbouring vectors at a time so that whole cache lines are used.
    @inlinable @inline(always)
    static func reduceRows(
        _ out: UnsafeMutablePointer<Target.Scalar>, _ input: UnsafePointer<Target.Scalar>, _ rows: Int, _ columns: Int
    ) {
        typealias Vector = Target.Vector
        let laneCount = Vector.laneCount
        var column = 0
        while column &+ 4 &* laneCount <= columns {
            var first = Vector(repeating: identity)
            var second = first
            var third = first
            var fourth = first
            for row in 0..<rows {
                let source = input + (row &* columns &+ column)
                first = combine(first, Vector.load(source))
                second = combine(second, Vector.load(source + laneCount))
                third = combine(third, Vector.load(source + 2 &* laneCount))
                fourth = combine(fourth, Vector.load(source + 3 &* laneCount))
            }
            first.store(out + column)
            second.store(out + (column &+ laneCount))
            third.store(out + (column &+ 2 &* laneCount))
            fourth.store(out + (column &+ 3 &* laneCount))
            column &+= 4 &* laneCount
        }
        while column &+ laneCount <= columns {
            var result = Vector(repeating: identity)
            for row in 0..<rows { result = combine(result, Vector.load(input + (row &* columns &+ column))) }
            result.store(out + column)
            column &+= laneCount
        }
        for rest in column..<columns { out[rest] = identity }
        for row in 0..<rows {
            for rest in column..<columns { out[rest] = combine(out[rest], input[row &* columns &+ rest]) }
        }
    }
}
