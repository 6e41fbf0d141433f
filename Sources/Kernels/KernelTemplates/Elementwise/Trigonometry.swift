/// Sine and cosine by Cody and Waite's reduction to |r| ≤ π/4.
///
/// The absolute error stays within a few units of the last place of 1 for |x| up to 1e5. Beyond, accuracy is lost
/// gradually and then wholly; the result stays finite and within about ±1.
extension KernelTarget {
    /// sin(x + quarterTurns · π/2).
    @inlinable @inline(always)
    static func sine(_ x: Vector, quarterTurns: Int) -> Vector {
        let shift = Vector(repeating: Scalar.roundingShift)
        let shifted = multiplyAdd(x, Vector(repeating: 0.6366197723675813430755351), shift)
        let reduced = Scalar.subtractQuarterTurns(shifted - shift, from: x, Self.self)
        let r = atLeast(-1, atMost(1, reduced))
        let z = r * r
        let sine = multiplyAdd(r * z, Scalar.sinePolynomial(z, Self.self), r)
        let cosine = multiplyAdd(
            z * z, Scalar.cosinePolynomial(z, Self.self), multiplyAdd(z, Vector(repeating: -0.5), 1))

        let turns = Vector.integerAdd(shifted, Vector(repeating: Scalar.fromBits(quarterTurns)))
        let isOdd = turns.shiftedLeft(by: Scalar.bitWidth - 1).shiftedRight(by: Scalar.bitWidth - 1)
        let chosen = Vector.bitwiseXor(sine, Vector.bitwiseAnd(Vector.bitwiseXor(sine, cosine), isOdd))
        return Vector.bitwiseXor(chosen, turns.shiftedLeft(by: Scalar.bitWidth - 2).signBits)
    }
}

/// The sine of the magnitude with the sign put back, so that -0 stays -0.
public enum SineKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        Target.Vector.bitwiseXor(Target.sine(a.magnitude, quarterTurns: 0), a.signBits)
    }
}

public enum CosineKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        Target.sine(a, quarterTurns: 1)
    }
}
