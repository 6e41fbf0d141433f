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

extension KernelVector {
    /// Calls `body` with `operandCount` vectors' worth of memory on the stack, all 0.
    ///
    /// A tail is copied there and goes through the same instructions as whole vectors, so it gives the same bits.
    @inlinable @inline(always)
    static func withPaddedTail(operandCount: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void) {
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: operandCount &* laneCount) { memory in
            let base = memory.baseAddress.unsafelyUnwrapped
            for operand in 0..<operandCount { Self(repeating: 0).store(base + operand &* laneCount) }
            body(base)
        }
    }
}

extension UnsafeMutablePointer {
    @inlinable @inline(always)
    func copy(_ source: UnsafePointer<Pointee>, _ count: Int) {
        for index in 0..<count { self[index] = source[index] }
    }
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
            Vector.withPaddedTail(operandCount: 1) { tail in
                tail.copy(a + index, count &- index)
                apply(Vector.load(tail)).store(tail)
                (out + index).copy(tail, count &- index)
            }
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
            Vector.withPaddedTail(operandCount: 2) { tail in
                let second = tail + Vector.laneCount
                tail.copy(a + index, count &- index)
                second.copy(b + index, count &- index)
                apply(Vector.load(tail), Vector.load(second)).store(tail)
                (out + index).copy(tail, count &- index)
            }
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
            Vector.withPaddedTail(operandCount: 3) { tail in
                let second = tail + Vector.laneCount
                let third = second + Vector.laneCount
                tail.copy(a + index, count &- index)
                second.copy(b + index, count &- index)
                third.copy(c + index, count &- index)
                apply(Vector.load(tail), Vector.load(second), Vector.load(third)).store(tail)
                (out + index).copy(tail, count &- index)
            }
        }
    }
}
