public import KernelTemplates

/// The number below which a standard normal variable falls with probability 1/2 + `offset`.
///
/// Algorithm AS 241, PPND16 (Wichura, "The Percentage Points of the Normal Distribution", Applied Statistics 37, 1988),
/// accurate to about one part in 10^16. Three rational functions: one for the central 85%, two for the tails.
///
/// - Parameter offset: in (-1/2, 1/2), both ends excluded. Taken from the middle because a probability near 1 could
///   not hold what a probability near 0 can, and the two tails would differ.
@inlinable
func normalQuantile(centeredProbability offset: Double) -> Double {
    let distance = abs(offset)
    if distance <= 0.425 {
        return offset * centralNormalRatio(0.180625 - offset * offset)
    }
    let radius = (-naturalLogarithm(0.5 - distance)).squareRoot()
    let magnitude = radius <= 5 ? nearTailRatio(radius - 1.6) : farTailRatio(radius - 5)
    return offset < 0 ? -magnitude : magnitude
}

@inlinable
func nearTailRatio(_ x: Double) -> Double {
    var above = 7.74545014278341407640e-4
    above = above * x + 2.27238449892691845833e-2
    above = above * x + 2.41780725177450611770e-1
    above = above * x + 1.27045825245236838258
    above = above * x + 3.64784832476320460504
    above = above * x + 5.76949722146069140550
    above = above * x + 4.63033784615654529590
    above = above * x + 1.42343711074968357734
    var below = 1.05075007164441684324e-9
    below = below * x + 5.47593808499534494600e-4
    below = below * x + 1.51986665636164571966e-2
    below = below * x + 1.48103976427480074590e-1
    below = below * x + 6.89767334985100004550e-1
    below = below * x + 1.67638483018380384940
    below = below * x + 2.05319162663775882187
    below = below * x + 1
    return above / below
}

@inlinable
func farTailRatio(_ x: Double) -> Double {
    var above = 2.01033439929228813265e-7
    above = above * x + 2.71155556874348757815e-5
    above = above * x + 1.24266094738807843860e-3
    above = above * x + 2.65321895265761230930e-2
    above = above * x + 2.96560571828504891230e-1
    above = above * x + 1.78482653991729133580
    above = above * x + 5.46378491116411436990
    above = above * x + 6.65790464350110377720
    var below = 2.04426310338993978564e-15
    below = below * x + 1.42151175831644588870e-7
    below = below * x + 1.84631831751005468180e-5
    below = below * x + 7.86869131145613259100e-4
    below = below * x + 1.48753612908506148525e-2
    below = below * x + 1.36929880922735805310e-1
    below = below * x + 5.99832206555887937690e-1
    below = below * x + 1
    return above / below
}

/// The natural logarithm of a positive normal number, accurate to about 2e-16 of its value away from 1, and the same
/// bits on every machine, which a C library's need not be.
///
/// log(m · 2^e) = e · log 2 + 2 · artanh((m − 1) / (m + 1)), with m in [√½, √2), where the series of artanh needs ten
/// terms. The high part of log 2 ends in zeros, so that its product with e is exact.
@inlinable
func naturalLogarithm(_ x: Double) -> Double {
    var bits = x.bitPattern
    // Moves the boundary between two exponents from 1 to √½.
    bits &+= 0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD
    let exponent = Double(Int64(bits &>> 52) &- 1023)
    let mantissa = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD)

    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var series = 1.0 / 21
    series = series * square + 1.0 / 19
    series = series * square + 1.0 / 17
    series = series * square + 1.0 / 15
    series = series * square + 1.0 / 13
    series = series * square + 1.0 / 11
    series = series * square + 1.0 / 9
    series = series * square + 1.0 / 7
    series = series * square + 1.0 / 5
    series = series * square + 1.0 / 3
    let logarithm = 2 * ratio + 2 * ratio * square * series
    return exponent * 0x1.62e42fee00000p-1 + (logarithm + exponent * 0x1.a39ef35793c76p-33)
}
