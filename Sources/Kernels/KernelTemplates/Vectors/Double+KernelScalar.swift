/// The polynomials are those of FreeBSD's msun (`log`, `sin`, `cos`), and Taylor's series for the exponential.
extension Double: KernelScalar {
    @inlinable @inline(always)
    public static var bitWidth: Int { 64 }

    @inlinable @inline(always)
    public static var exponentBias: Int { 1023 }

    @inlinable @inline(always)
    public static var magnitudeMask: Double { Double(bitPattern: 0x7fff_ffff_ffff_ffff) }

    @inlinable @inline(always)
    public static var roundingShift: Double { 0x1.8p52 }

    @inlinable @inline(always)
    public static var logarithmOfTwoHigh: Double { 6.93147180369123816490e-01 }

    @inlinable @inline(always)
    public static var logarithmOfTwoLow: Double { 1.90821492927058770002e-10 }

    @inlinable @inline(always)
    public static var exponentialLowest: Double { -746 }

    @inlinable @inline(always)
    public static var exponentialHighest: Double { 710 }

    @inlinable @inline(always)
    public static var saturation: Double { 44 }

    @inlinable @inline(always)
    public static var subnormalScale: Double { 0x1p54 }

    @inlinable @inline(always)
    public static var subnormalScaleExponent: Double { 54 }

    @inlinable @inline(always)
    public static var squareRootOfHalfPattern: Int { 0x3fe6_a09e_667f_3bcd }

    @inlinable @inline(always)
    public static var reductionLanes: Int { 8 }

    @inlinable @inline(always)
    public static func fromBits(_ pattern: Int) -> Double { Double(bitPattern: UInt64(truncatingIfNeeded: pattern)) }

    @inlinable @inline(always)
    public static func exponentialPolynomial<Target: KernelTarget>(_ r: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Double {
        var sum = Target.Vector(repeating: 1 / 6_227_020_800)
        sum = Target.multiplyAdd(sum, r, 1 / 479_001_600)
        sum = Target.multiplyAdd(sum, r, 1 / 39_916_800)
        sum = Target.multiplyAdd(sum, r, 1 / 3_628_800)
        sum = Target.multiplyAdd(sum, r, 1 / 362_880)
        sum = Target.multiplyAdd(sum, r, 1 / 40_320)
        sum = Target.multiplyAdd(sum, r, 1 / 5_040)
        sum = Target.multiplyAdd(sum, r, 1 / 720)
        sum = Target.multiplyAdd(sum, r, 1 / 120)
        sum = Target.multiplyAdd(sum, r, 1 / 24)
        sum = Target.multiplyAdd(sum, r, 1 / 6)
        sum = Target.multiplyAdd(sum, r, 1 / 2)
        return sum
    }

    @inlinable @inline(always)
    public static func logarithmPolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Double {
        var sum = Target.Vector(repeating: 1.479819860511658591e-01)
        sum = Target.multiplyAdd(sum, z, 1.531383769920937332e-01)
        sum = Target.multiplyAdd(sum, z, 1.818357216161805012e-01)
        sum = Target.multiplyAdd(sum, z, 2.222219843214978396e-01)
        sum = Target.multiplyAdd(sum, z, 2.857142874366239149e-01)
        sum = Target.multiplyAdd(sum, z, 3.999999999940941908e-01)
        sum = Target.multiplyAdd(sum, z, 6.666666666666735130e-01)
        return sum * z
    }

    @inlinable @inline(always)
    public static func subtractQuarterTurns<Target: KernelTarget>(
        _ n: Target.Vector, from x: Target.Vector, _: Target.Type
    ) -> Target.Vector where Target.Vector.Scalar == Double {
        var rest = Target.multiplyAdd(n, Target.Vector(repeating: -1.57079632673412561417), x)
        rest = Target.multiplyAdd(n, Target.Vector(repeating: -6.07710050630396597660e-11), rest)
        rest = Target.multiplyAdd(n, Target.Vector(repeating: -2.02226624879595063154e-21), rest)
        return rest
    }

    @inlinable @inline(always)
    public static func sinePolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Double {
        var sum = Target.Vector(repeating: 1.58969099521155010221e-10)
        sum = Target.multiplyAdd(sum, z, -2.50507602534068634195e-08)
        sum = Target.multiplyAdd(sum, z, 2.75573137070700676789e-06)
        sum = Target.multiplyAdd(sum, z, -1.98412698298579493134e-04)
        sum = Target.multiplyAdd(sum, z, 8.33333333332248946124e-03)
        sum = Target.multiplyAdd(sum, z, -1.66666666666666324348e-01)
        return sum
    }

    @inlinable @inline(always)
    public static func cosinePolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Double {
        var sum = Target.Vector(repeating: -1.13596475577881948265e-11)
        sum = Target.multiplyAdd(sum, z, 2.08757232129817482790e-09)
        sum = Target.multiplyAdd(sum, z, -2.75573143513906633035e-07)
        sum = Target.multiplyAdd(sum, z, 2.48015872894767294178e-05)
        sum = Target.multiplyAdd(sum, z, -1.38888888888741095749e-03)
        sum = Target.multiplyAdd(sum, z, 4.16666666666666019037e-02)
        return sum
    }

    @inlinable @inline(always)
    public static func transposeFourByFour(
        _ out: UnsafeMutablePointer<Double>, outStride: Int, _ input: UnsafePointer<Double>, inputStride: Int
    ) {
        typealias Quad = SIMD4<Double>
        let input = UnsafeRawPointer(input)
        let out = UnsafeMutableRawPointer(out)
        let inputStep = inputStride &* MemoryLayout<Double>.size
        let outStep = outStride &* MemoryLayout<Double>.size
        let a = input.loadUnaligned(as: Quad.self)
        let b = (input + inputStep).loadUnaligned(as: Quad.self)
        let c = (input + 2 &* inputStep).loadUnaligned(as: Quad.self)
        let d = (input + 3 &* inputStep).loadUnaligned(as: Quad.self)
        out.storeBytes(of: Quad(a[0], b[0], c[0], d[0]), as: Quad.self)
        (out + outStep).storeBytes(of: Quad(a[1], b[1], c[1], d[1]), as: Quad.self)
        (out + 2 &* outStep).storeBytes(of: Quad(a[2], b[2], c[2], d[2]), as: Quad.self)
        (out + 3 &* outStep).storeBytes(of: Quad(a[3], b[3], c[3], d[3]), as: Quad.self)
    }

    @inlinable @inline(always)
    public static func transposeEightByFour(
        _ out: UnsafeMutablePointer<Double>, outStride: Int, _ input: UnsafePointer<Double>, inputStride: Int
    ) {
        transposeFourByFour(out, outStride: outStride, input, inputStride: inputStride)
        transposeFourByFour(out + 4, outStride: outStride, input + 4 &* inputStride, inputStride: inputStride)
    }
}
