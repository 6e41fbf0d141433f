/// What the kernels must know about an element type: its bit layout, and the constants of its elementary functions.
///
/// The functions use only IEEE operations and fused multiply-add, so that their bits depend on no C library.
public protocol KernelScalar: BinaryFloatingPoint, Sendable {
    static var bitWidth: Int { get }
    static var exponentBias: Int { get }

    /// The number whose bit pattern is given.
    static func fromBits(_ pattern: Int) -> Self

    /// All bits but the sign.
    static var magnitudeMask: Self { get }

    /// 1.5 · 2^(significand bits): adding it rounds to an integer, and leaves that integer in the low bits.
    static var roundingShift: Self { get }

    /// ln 2 in two parts; products of the first with any exponent are exact.
    static var logarithmOfTwoHigh: Self { get }
    static var logarithmOfTwoLow: Self { get }

    /// Below the first, eˣ rounds to 0; above the second, it overflows.
    static var exponentialLowest: Self { get }
    static var exponentialHighest: Self { get }

    /// (eʳ - 1 - r) / r² for |r| ≤ ln 2 / 2.
    static func exponentialPolynomial<Target: KernelTarget>(_ r: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Self

    /// From here on the sigmoid of x and tanh(x / 2) round to 1.
    static var saturation: Self { get }

    /// A power of two that makes any subnormal number normal, and its exponent.
    static var subnormalScale: Self { get }
    static var subnormalScaleExponent: Self { get }

    /// The bit pattern of √½.
    static var squareRootOfHalfPattern: Int { get }

    /// (ln(1 + f) - f + f²/2) / s - f²/2 as a function of z = s², where s = f / (2 + f).
    static func logarithmPolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Self

    /// x - n · π/2, where products of n with all parts of π/2 but the last are exact for n below 2^16.
    static func subtractQuarterTurns<Target: KernelTarget>(
        _ n: Target.Vector, from x: Target.Vector, _: Target.Type
    ) -> Target.Vector where Target.Vector.Scalar == Self

    /// (sin r - r) / r³ as a function of z = r².
    static func sinePolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Self

    /// (cos r - 1 + r²/2) / r⁴ as a function of z = r².
    static func cosinePolynomial<Target: KernelTarget>(_ z: Target.Vector, _: Target.Type) -> Target.Vector
    where Target.Vector.Scalar == Self

    /// How many partial results a reduction keeps, whatever the width of the vectors.
    static var reductionLanes: Int { get }

    /// Transposes four rows of four elements, within registers.
    static func transposeFourByFour(
        _ out: UnsafeMutablePointer<Self>, outStride: Int, _ input: UnsafePointer<Self>, inputStride: Int)

    /// The same with eight rows of four elements.
    static func transposeEightByFour(
        _ out: UnsafeMutablePointer<Self>, outStride: Int, _ input: UnsafePointer<Self>, inputStride: Int)
}
