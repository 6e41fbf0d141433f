/// eˣ = 2ⁿ eʳ with r = x - n ln 2, and what is made of it.
extension KernelTarget {
    /// x / ln 2 to the nearest integer n: n itself, and n + bias in the low bits of the second.
    @inlinable @inline(always)
    static func nearestPowerOfTwo(_ x: Vector, bias: Int) -> (n: Vector, shifted: Vector) {
        let shift = Vector(repeating: Scalar.roundingShift + Scalar(bias))
        let shifted = multiplyAdd(x, Vector(repeating: 1.442695040888963407359924681), shift)
        return (shifted - shift, shifted)
    }

    /// r, and n + bias in the low bits of the second.
    @inlinable @inline(always)
    static func reduceByPowersOfTwo(_ x: Vector, bias: Int) -> (remainder: Vector, shifted: Vector) {
        let (n, shifted) = nearestPowerOfTwo(x, bias: bias)
        let high = multiplyAdd(n, Vector(repeating: -Scalar.logarithmOfTwoHigh), x)
        return (multiplyAdd(n, Vector(repeating: -Scalar.logarithmOfTwoLow), high), shifted)
    }

    /// 2ⁿ, for n in the low bits of the lanes.
    @inlinable @inline(always)
    static func powerOfTwo(integer n: Vector) -> Vector {
        Vector.integerAdd(n, Vector(repeating: Scalar.fromBits(Scalar.exponentBias)))
            .shiftedLeft(by: Scalar.significandBitCount)
    }

    /// eʳ - 1 for |r| ≤ ln 2 / 2, relatively accurate near 0.
    @inlinable @inline(always)
    static func exponentialMinusOneNearZero(_ r: Vector) -> Vector {
        multiplyAdd(Scalar.exponentialPolynomial(r, Self.self), r * r, r)
    }

    /// eʳ for |r| ≤ ln 2 / 2.
    @inlinable @inline(always)
    static func exponentialNearZero(_ r: Vector) -> Vector {
        multiplyAdd(multiplyAdd(Scalar.exponentialPolynomial(r, Self.self), r, 1), r, 1)
    }

    /// eˣ for x above `exponentialLowest` and below `exponentialHighest`, or NaN.
    ///
    /// 2ⁿ is applied in two halves, because n reaches beyond the exponents of normal numbers on both sides.
    @inlinable @inline(always)
    static func exponentialInRange(_ x: Vector) -> Vector {
        let (remainder, shifted) = reduceByPowersOfTwo(x, bias: 0)
        let n = Vector.integerSubtract(shifted, Vector(repeating: Scalar.roundingShift))
        let half = n.shiftedRight(by: 1)
        return exponentialNearZero(remainder) * powerOfTwo(integer: half)
            * powerOfTwo(integer: Vector.integerSubtract(n, half))
    }

    /// The larger of x and a limit; NaN stays NaN.
    @inlinable @inline(always)
    static func atLeast(_ limit: Scalar, _ x: Vector) -> Vector {
        let limit = Vector(repeating: limit)
        return x.replacing(with: limit, where: limit .> x)
    }

    /// The smaller of x and a limit; NaN stays NaN.
    @inlinable @inline(always)
    static func atMost(_ limit: Scalar, _ x: Vector) -> Vector {
        let limit = Vector(repeating: limit)
        return x.replacing(with: limit, where: x .> limit)
    }
}

public enum ExponentialKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        let inRange = Target.atLeast(
            Target.Scalar.exponentialLowest, Target.atMost(Target.Scalar.exponentialHighest, a))
        return Target.exponentialInRange(inRange)
    }
}

/// eˣ / (eˣ + 1), with both scaled by a power of two at which neither is subnormal: the quotient alone rounds to a
/// subnormal number.
public enum SigmoidKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    static var scaleExponent: Int { Target.Scalar.exponentBias / 2 }

    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        typealias Vector = Target.Vector
        typealias Scalar = Target.Scalar
        let inRange = Target.atLeast(Scalar.exponentialLowest, Target.atMost(Scalar.saturation, a))
        let (remainder, shifted) = Target.reduceByPowersOfTwo(inRange, bias: scaleExponent)
        let exponential = Vector.integerAdd(
            Target.exponentialNearZero(remainder), shifted.shiftedLeft(by: Scalar.significandBitCount))
        let scale = Scalar.fromBits((Scalar.exponentBias + scaleExponent) << Scalar.significandBitCount)
        return exponential / (exponential + Vector(repeating: scale))
    }
}

/// (e²ˣ - 1) / (e²ˣ - 1 + 2) of the magnitude, with the sign put back; relatively accurate near 0.
///
/// ln 2 need not be in two parts: n is small where the value still depends on the last bits of e²ˣ.
public enum TanhKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        typealias Vector = Target.Vector
        let magnitude = a.magnitude
        let doubled = Target.atMost(Target.Scalar.saturation, magnitude + magnitude)
        let (n, shifted) = Target.nearestPowerOfTwo(doubled, bias: Target.Scalar.exponentBias)
        let remainder = Target.multiplyAdd(n, Vector(repeating: -0.693147180559945309417232121), doubled)
        let power = shifted.shiftedLeft(by: Target.Scalar.significandBitCount)
        let minusOne = Target.multiplyAdd(
            Target.exponentialMinusOneNearZero(remainder), power, power - Vector(repeating: 1))
        return Vector.bitwiseOr(minusOne / (minusOne + Vector(repeating: 2)), a.signBits)
    }
}

/// c - c² is rounded once where the instruction set can, so it is relatively accurate up to c = 1.
public enum SigmoidSlopeKernel<Target: KernelTarget>: TernaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector, _ c: Target.Vector) -> Target.Vector {
        a * b * Target.multiplyAdd(Target.Vector(repeating: 0) - c, c, c)
    }
}

public enum TanhSlopeKernel<Target: KernelTarget>: TernaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector, _ c: Target.Vector) -> Target.Vector {
        a * b * Target.multiplyAdd(Target.Vector(repeating: 0) - c, c, Target.Vector(repeating: 1))
    }
}

public enum SigmoidMultiplyKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector {
        SigmoidKernel<Target>.apply(a) * b
    }
}

public enum SigmoidMultiplyAddKernel<Target: KernelTarget>: TernaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector, _ c: Target.Vector) -> Target.Vector {
        Target.multiplyAdd(SigmoidKernel<Target>.apply(a), b, c)
    }
}
