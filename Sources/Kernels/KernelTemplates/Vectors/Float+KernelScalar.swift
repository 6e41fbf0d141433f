/// The polynomials are those of Cephes (`sinf`, `cosf`) and FreeBSD's msun (`logf`); that of the exponential has the
/// smallest relative error of eʳ - 1, 2e-8, among those of its degree that begin 1 + r.
extension Float: KernelScalar {
    @inlinable @inline(always)
    public static var bitWidth: Int { 32 }

    @inlinable @inline(always)
    public static var exponentBias: Int { 127 }

    @inlinable @inline(always)
    public static var magnitudeMask: Float { Float(bitPattern: 0x7fff_ffff) }

    @inlinable @inline(always)
    public static var roundingShift: Float { 0x1.8p23 }

    @inlinable @inline(always)
    public static var logarithmOfTwoHigh: Float { 0.693359375 }

    @inlinable @inline(always)
    public static var logarithmOfTwoLow: Float { -2.12194440e-4 }

    @inlinable @inline(always)
    public static var exponentialLowest: Float { -104 }

    @inlinable @inline(always)
    public static var exponentialHighest: Float { 89 }

    @inlinable @inline(always)
    public static var saturation: Float { 20 }

    @inlinable @inline(always)
    public static var subnormalScale: Float { 0x1p24 }

    @inlinable @inline(always)
    public static var subnormalScaleExponent: Float { 24 }

    @inlinable @inline(always)
    public static var squareRootOfHalfPattern: Int { 0x3f35_04f3 }

    @inlinable @inline(always)
    public static var reductionLanes: Int { 16 }

    @inlinable @inline(always)
    public static func fromBits(_ pattern: Int) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: pattern)) }

    @inlinable @inline(always)
    public static func exponentialPolynomial<Target: KernelTarget>(_ r: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Float {
        var sum = Target.Vector(repeating: 1.39464971605e-3)
        sum = Target.multiplyAdd(sum, r, 8.3666106011e-3)
        sum = Target.multiplyAdd(sum, r, 4.16662813967e-2)
        sum = Target.multiplyAdd(sum, r, 1.66665427939e-1)
        sum = Target.multiplyAdd(sum, r, 0.5)
        return sum
    }

    @inlinable @inline(always)
    public static func logarithmPolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Float {
        var sum = Target.Vector(repeating: 0x1.f13c4cp-3)
        sum = Target.multiplyAdd(sum, z, 0x1.23d3dcp-2)
        sum = Target.multiplyAdd(sum, z, 0x1.999c26p-2)
        sum = Target.multiplyAdd(sum, z, 0x1.555554p-1)
        return sum * z
    }

    @inlinable @inline(always)
    public static func subtractQuarterTurns<Target: KernelTarget>(
        _ n: Target.Vector, from x: Target.Vector, _: Target.Type
    ) -> Target.Vector where Target.Vector.Scalar == Float {
        var rest = Target.multiplyAdd(n, Target.Vector(repeating: -0x1.92p0), x)
        rest = Target.multiplyAdd(n, Target.Vector(repeating: -0x1.fap-12), rest)
        rest = Target.multiplyAdd(n, Target.Vector(repeating: -0x1.54p-20), rest)
        rest = Target.multiplyAdd(n, Target.Vector(repeating: -0x1.10b462p-30), rest)
        return rest
    }

    @inlinable @inline(always)
    public static func sinePolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Float {
        var sum = Target.Vector(repeating: -1.9515295891e-4)
        sum = Target.multiplyAdd(sum, z, 8.3321608736e-3)
        sum = Target.multiplyAdd(sum, z, -1.6666654611e-1)
        return sum
    }

    @inlinable @inline(always)
    public static func cosinePolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Float {
        var sum = Target.Vector(repeating: 2.443315711809948e-5)
        sum = Target.multiplyAdd(sum, z, -1.388731625493765e-3)
        sum = Target.multiplyAdd(sum, z, 4.166664568298827e-2)
        return sum
    }

    @inlinable @inline(always)
    public static func transposeFourByFour(
        _ out: UnsafeMutablePointer<Float>, outStride: Int, _ input: UnsafePointer<Float>, inputStride: Int
    ) {
        // Between the rounds vectors are pairs, so that the compiler makes each round one shuffle a vector.
        typealias Pairs = SIMD2<UInt64>
        let input = UnsafeRawPointer(input)
        let out = UnsafeMutableRawPointer(out)
        let inputStep = inputStride &* MemoryLayout<Float>.size
        let outStep = outStride &* MemoryLayout<Float>.size
        @inline(always)
        func row(_ row: Int) -> SIMD4<Float> { (input + row &* inputStep).loadUnaligned(as: SIMD4<Float>.self) }
        @inline(always)
        func lows(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Pairs {
            unsafeBitCast(SIMD4(a[0], b[0], a[1], b[1]), to: Pairs.self)
        }
        @inline(always)
        func highs(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Pairs {
            unsafeBitCast(SIMD4(a[2], b[2], a[3], b[3]), to: Pairs.self)
        }
        let (a, b, c, d) = (row(0), row(1), row(2), row(3))
        let (p, q, r, s) = (lows(a, b), highs(a, b), lows(c, d), highs(c, d))
        out.storeBytes(of: Pairs(p[0], r[0]), as: Pairs.self)
        (out + outStep).storeBytes(of: Pairs(p[1], r[1]), as: Pairs.self)
        (out + 2 &* outStep).storeBytes(of: Pairs(q[0], s[0]), as: Pairs.self)
        (out + 3 &* outStep).storeBytes(of: Pairs(q[1], s[1]), as: Pairs.self)
    }

    /// Each vector holds four elements of a row, and of the row four further down: two blocks of four by four are
    /// transposed side by side, in two rounds that swap what lies one and two places off the diagonal.
    @inlinable @inline(always)
    public static func transposeEightByFour(
        _ out: UnsafeMutablePointer<Float>, outStride: Int, _ input: UnsafePointer<Float>, inputStride: Int
    ) {
        // Between the rounds vectors are pairs, so that the compiler makes each round one shuffle a vector.
        typealias Pairs = SIMD4<UInt64>
        let input = UnsafeRawPointer(input)
        let out = UnsafeMutableRawPointer(out)
        let inputStep = inputStride &* MemoryLayout<Float>.size
        let outStep = outStride &* MemoryLayout<Float>.size
        @inline(always)
        func rows(_ row: Int) -> SIMD8<Float> {
            let low = input + row &* inputStep
            let pairs = Pairs(
                lowHalf: low.loadUnaligned(as: SIMD2<UInt64>.self),
                highHalf: (low + 4 &* inputStep).loadUnaligned(as: SIMD2<UInt64>.self))
            return unsafeBitCast(pairs, to: SIMD8<Float>.self)
        }
        @inline(always)
        func lows(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> Pairs {
            unsafeBitCast(SIMD8(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]), to: Pairs.self)
        }
        @inline(always)
        func highs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> Pairs {
            unsafeBitCast(SIMD8(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7]), to: Pairs.self)
        }
        let (a, b, c, d) = (rows(0), rows(1), rows(2), rows(3))
        let (p, q, r, s) = (lows(a, b), highs(a, b), lows(c, d), highs(c, d))
        out.storeBytes(of: Pairs(p[0], r[0], p[2], r[2]), as: Pairs.self)
        (out + outStep).storeBytes(of: Pairs(p[1], r[1], p[3], r[3]), as: Pairs.self)
        (out + 2 &* outStep).storeBytes(of: Pairs(q[0], s[0], q[2], s[2]), as: Pairs.self)
        (out + 3 &* outStep).storeBytes(of: Pairs(q[1], s[1], q[3], s[3]), as: Pairs.self)
    }
}
