#if canImport(Glibc)
    import Glibc
#endif

/// 8 lanes of `Float`: one AVX register, two of SSE or NEON.
@frozen
public struct Float8: KernelVector {
    public typealias Scalar = Float
    public typealias Bits = SIMD8<Int32>
    public typealias Mask = SIMDMask<Bits>

    @usableFromInline var lanes: SIMD8<Float>

    @inlinable @inline(always)
    init(_ lanes: SIMD8<Float>) { self.lanes = lanes }

    @inlinable @inline(always)
    init(bits: Bits) { lanes = unsafeBitCast(bits, to: SIMD8<Float>.self) }

    @inlinable @inline(always)
    var bits: Bits { unsafeBitCast(lanes, to: Bits.self) }

    @inlinable @inline(always)
    public init(repeating value: Float) { lanes = SIMD8(repeating: value) }

    @inlinable @inline(always)
    public static var laneCount: Int { 8 }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Float>) -> Self {
        Self(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: SIMD8<Float>.self)
    }

    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Float>, count: Int, padding: Float) -> Self {
        var quads = (SIMD4<Float>(repeating: padding), SIMD4<Float>(repeating: padding))
        if count >= 4 {
            quads.0 = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
            for lane in 0..<4 where 4 &+ lane < count { quads.1[lane] = pointer[4 &+ lane] }
        } else {
            for lane in 0..<4 where lane < count { quads.0[lane] = pointer[lane] }
        }
        return Self(SIMD8(lowHalf: quads.0, highHalf: quads.1))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
        if count >= 4 {
            UnsafeMutableRawPointer(pointer).storeBytes(of: lanes.lowHalf, as: SIMD4<Float>.self)
            for lane in 4..<8 where lane < count { pointer[lane] = lanes[lane] }
        } else {
            for lane in 0..<4 where lane < count { pointer[lane] = lanes[lane] }
        }
    }

    @inlinable @inline(always)
    public static func loadHalfTwice(_ pointer: UnsafePointer<Float>) -> Self {
        let half = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
        return Self(SIMD8(lowHalf: half, highHalf: half))
    }

    @inlinable @inline(always)
    public static func joining(_ lower: Self, _ upper: Self) -> Self {
        Self(SIMD8(lowHalf: lower.lanes.lowHalf, highHalf: upper.lanes.highHalf))
    }

    @inlinable @inline(always)
    public var turned: Self { Self(SIMD8(lowHalf: lanes.highHalf, highHalf: lanes.lowHalf)) }

    @inlinable @inline(always)
    public subscript(lane: Int) -> Float {
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
    public static var laneBits: Self { Self(bits: Bits(1, 2, 4, 8, 16, 32, 64, 128)) }

    /// A number or its opposite is negative where it isn't 0: comparisons would become a loop over lanes.
    @inlinable @inline(always)
    public var filledWhereBits: Self { Self(bits: (bits | (Bits(repeating: 0) &- bits)) &>> 31) }

    @inlinable @inline(always)
    public func bits(ofLane lane: Int) -> UInt64 { UInt64(UInt32(bitPattern: bits[lane])) }

    @inlinable @inline(always)
    public var sumOfBits: UInt64 {
        let four = bits.lowHalf | bits.highHalf
        let two = four.lowHalf | four.highHalf
        return UInt64(UInt32(bitPattern: two[0] | two[1]))
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
        Self(bits: bits &<< Bits(repeating: Int32(truncatingIfNeeded: count)))
    }

    @inlinable @inline(always)
    public func shiftedRight(by count: Int) -> Self {
        Self(bits: bits &>> Bits(repeating: Int32(truncatingIfNeeded: count)))
    }
}
