/// ln x = k ln 2 + ln(1 + f) with √½ ≤ 1 + f < √2, as in FreeBSD's msun.
public enum LogarithmKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        typealias Vector = Target.Vector
        typealias Scalar = Target.Scalar
        let one = Vector(repeating: 1)
        let zero = Vector(repeating: 0)

        let isSubnormal = Vector(repeating: Scalar.leastNormalMagnitude) .> a
        let x = a.replacing(with: a * Vector(repeating: Scalar.subnormalScale), where: isSubnormal)
        let correction = zero.replacing(with: Vector(repeating: Scalar.subnormalScaleExponent), where: isSubnormal)

        let rootPattern = Vector(repeating: Scalar.fromBits(Scalar.squareRootOfHalfPattern))
        let shifted = Vector.integerAdd(x, Vector.integerSubtract(one, rootPattern))
        let shift = Vector(repeating: Scalar.roundingShift)
        let biased = Vector.integerAdd(shifted.shiftedRight(by: Scalar.significandBitCount), shift) - shift
        let k = biased - Vector(repeating: Scalar(Scalar.exponentBias)) - correction

        let fractionMask = Vector(repeating: Scalar.fromBits((1 << Scalar.significandBitCount) - 1))
        let f = Vector.integerAdd(Vector.bitwiseAnd(shifted, fractionMask), rootPattern) - one
        let s = f / (f + Vector(repeating: 2))
        let halfSquare = f * f * Vector(repeating: 0.5)
        let tail = s * (halfSquare + Scalar.logarithmPolynomial(s * s, Target.self))
        let low = Target.multiplyAdd(k, Vector(repeating: Scalar.logarithmOfTwoLow), tail)
        let logarithm = Target.multiplyAdd(k, Vector(repeating: Scalar.logarithmOfTwoHigh), low - halfSquare + f)

        let ofNumbers = logarithm.replacing(with: Vector(repeating: -Scalar.infinity), where: a .== zero)
            .replacing(with: Vector(repeating: Scalar.nan), where: zero .> a)
        return ofNumbers.replacing(with: a, where: a .== Vector(repeating: Scalar.infinity))
            .replacing(with: a, where: a .!= a)
    }
}
