/// eˣ = 2ⁿ eʳ with r = x - n ln 2, and what is made of it.
extension KernelTarget {
    /// r, and n in the low bits of the second.
    @inlinable @inline(always)
    static func reduceByPowersOfTwo(_ x: Vector) -> (remainder: Vector, shifted: Vector) {
        let shift = Vector(repeating: Scalar.roundingShift)
        let shifted = multiplyAdd(x, Vector(repeating: 1.442695040888963407359924681), shift)
        let n = shifted - shift
        let high = multiplyAdd(n, Vector(repeating: -Scalar.logarithmOfTwoHigh), x)
        return (multiplyAdd(n, Vector(repeating: -Scalar.logarithmOfTwoLow), high), shifted)
    }

    /// 2ⁿ, for n in the low bits of the lanes.
    @inlinable @inline(always)
    static func powerOfTwo(integer n: Vector) -> Vector {
        Vector.integerAdd(n, Vector(repeating: Scalar.fromBits(Scalar.exponentBias)))
            .shiftedLeft(by: Scalar.significandBitCount)
    }

    /// eʳ - 1 for |r| ≤ ln 2 / 2.
    @inlinable @inline(always)
    static func exponentialMinusOneNearZero(_ r: Vector) -> Vector {
        multiplyAdd(r * r, Scalar.exponentialPolynomial(r, Self.self), r)
    }

    /// eˣ for x above `exponentialLowest` and below `exponentialHighest`, or NaN.
    ///
    /// 2ⁿ is applied in two halves, because n reaches beyond the exponents of normal numbers on both sides.
    @inlinable @inline(always)
    static func exponentialInRange(_ x: Vector) -> Vector {
        let (remainder, shifted) = reduceByPowersOfTwo(x)
        let n = Vector.integerSubtract(shifted, Vector(repeating: Scalar.roundingShift))
        let half = n.shiftedRight(by: 1)
        let mantissa = exponentialMinusOneNearZero(remainder) + Vector(repeating: 1)
        return mantissa * powerOfTwo(integer: half) * powerOfTwo(integer: Vector.integerSubtract(n, half))
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
        let inRange = Target.atLeast(Target.Scalar.exponentialLowest, Target.atMost(Target.Scalar.exponentialHighest, a))
        return Target.exponentialInRange(inRange)
    }
}

/// 1 / (1 + e⁻ˣ), and eˣ / (1 + eˣ) for negative x, so that it is relatively accurate on both sides.
///
/// The exponential is the square of that of half the argument, whose exponent is never subnormal: one addition to the
/// exponent scales it, and the square alone rounds to a subnormal number.
public enum SigmoidKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        typealias Vector = Target.Vector
        let one = Vector(repeating: 1)
        let zero = Vector(repeating: 0)
        let half = Target.atLeast(Target.Scalar.exponentialLowest / 2, a.magnitude * Vector(repeating: -0.5))
        let (remainder, shifted) = Target.reduceByPowersOfTwo(half)
        let mantissa = Target.exponentialMinusOneNearZero(remainder) + one
        let root = Vector.integerAdd(mantissa, shifted.shiftedLeft(by: Target.Scalar.significandBitCount))
        let exponential = root * root
        return one.replacing(with: exponential, where: zero .> a) / (one + exponential)
    }
}

/// (e²ˣ - 1) / (e²ˣ - 1 + 2) of the magnitude, with the sign put back; relatively accurate near 0.
public enum TanhKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        let magnitude = a.magnitude
        let doubled = Target.atMost(Target.Scalar.tanhSaturation, magnitude + magnitude)
        let (remainder, shifted) = Target.reduceByPowersOfTwo(doubled)
        let power = Target.powerOfTwo(
            integer: Target.Vector.integerSubtract(shifted, Target.Vector(repeating: Target.Scalar.roundingShift)))
        let minusOne = Target.multiplyAdd(
            Target.exponentialMinusOneNearZero(remainder), power, power - Target.Vector(repeating: 1))
        return Target.Vector.bitwiseOr(minusOne / (minusOne + Target.Vector(repeating: 2)), a.signBits)
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
