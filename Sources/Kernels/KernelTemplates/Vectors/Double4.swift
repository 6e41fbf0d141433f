#if canImport(Glibc)
    import Glibc
#endif

/// 4 lanes of `Double`: one AVX register, two of SSE or NEON.
@frozen
public struct Double4: KernelVector {
    public typealias Scalar = Double
    public typealias Bits = SIMD4<Int64>
    public typealias Mask = SIMDMask<Bits>

    @usableFromInline var lanes: SIMD4<Double>

    @inlinable @inline(always)
    init(_ lanes: SIMD4<Double>) { self.lanes = lanes }

    @inlinable @inline(always)
    init(bits: Bits) { lanes = unsafeBitCast(bits, to: SIMD4<Double>.self) }

    @inlinable @inline(always)
    var bits: Bits { unsafeBitCast(lanes, to: Bits.self) }

    @inlinable @inline(always)
    public init(repeating value: Double) { lanes = SIMD4(repeating: value) }

    @inlinable @inline(always)
    public static var laneCount: Int { 4 }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Double>) -> Self {
        Self(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Double>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: SIMD4<Double>.self)
    }

    @inlinable @inline(always)
    public static func loadHalfTwice(_ pointer: UnsafePointer<Double>) -> Self {
        let half = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD2<Double>.self)
        return Self(SIMD4(lowHalf: half, highHalf: half))
    }

    @inlinable @inline(always)
    public static func joining(_ lower: Self, _ upper: Self) -> Self {
        Self(SIMD4(lowHalf: lower.lanes.lowHalf, highHalf: upper.lanes.highHalf))
    }

    @inlinable @inline(always)
    public var turned: Self { Self(SIMD4(lowHalf: lanes.highHalf, highHalf: lanes.lowHalf)) }

    @inlinable @inline(always)
    public subscript(lane: Int) -> Double {
        get { lanes[lane] }
        set { lanes[lane] = newValue }
    }

    @inlinable @inline(always)
    public static func + (left: Self, right: Self) -> Self { Self(left.lanes + right.lanes) }

    @inlinable @inline(always)
    public static func - (left: Self, right: Self) -> Self { Self(left.lanes - right.lanes) }

    @inlinable @inline(always)
    public static func * (left: Self, right: Self) -> Self { Self(left.lanes * right.lanes) }

    @inlinable @inline(always)
    public static func / (left: Self, right: Self) -> Self { Self(left.lanes / right.lanes) }

    @inlinable @inline(always)
    public static func fusedMultiplyAdd(_ left: Self, _ right: Self, _ addend: Self) -> Self {
        Self(addend.lanes.addingProduct(left.lanes, right.lanes))
    }

    @inlinable @inline(always)
    public static func .> (left: Self, right: Self) -> Mask { left.lanes .> right.lanes }

    @inlinable @inline(always)
    public static func .== (left: Self, right: Self) -> Mask { left.lanes .== right.lanes }

    @inlinable @inline(always)
    public static func .!= (left: Self, right: Self) -> Mask { left.lanes .!= right.lanes }

    @inlinable @inline(always)
    public func replacing(with other: Self, where mask: Mask) -> Self {
        Self(lanes.replacing(with: other.lanes, where: mask))
    }

    @inlinable @inline(always)
    public static var laneBits: Self { Self(bits: Bits(1, 2, 4, 8)) }

    /// A number or its opposite is negative where it isn't 0: comparisons would become a loop over lanes.
    @inlinable @inline(always)
    public var filledWhereBits: Self { Self(bits: (bits | (Bits(repeating: 0) &- bits)) &>> 63) }

    @inlinable @inline(always)
    public func bits(ofLane lane: Int) -> UInt64 { UInt64(bitPattern: bits[lane]) }

    @inlinable @inline(always)
    public var sumOfBits: UInt64 {
        let two = bits.lowHalf | bits.highHalf
        return UInt64(bitPattern: two[0] | two[1])
    }

    @inlinable @inline(always)
    public static func bitwiseAnd(_ left: Self, _ right: Self) -> Self { Self(bits: left.bits & right.bits) }

    @inlinable @inline(always)
    public static func bitwiseOr(_ left: Self, _ right: Self) -> Self { Self(bits: left.bits | right.bits) }

    @inlinable @inline(always)
    public static func bitwiseXor(_ left: Self, _ right: Self) -> Self { Self(bits: left.bits ^ right.bits) }

    @inlinable @inline(always)
    public static func integerAdd(_ left: Self, _ right: Self) -> Self { Self(bits: left.bits &+ right.bits) }

    @inlinable @inline(always)
    public static func integerSubtract(_ left: Self, _ right: Self) -> Self { Self(bits: left.bits &- right.bits) }

    @inlinable @inline(always)
    public func shiftedLeft(by count: Int) -> Self {
        Self(bits: bits &<< Bits(repeating: Int64(truncatingIfNeeded: count)))
    }

    @inlinable @inline(always)
    public func shiftedRight(by count: Int) -> Self {
        Self(bits: bits &>> Bits(repeating: Int64(truncatingIfNeeded: count)))
    }
}
