import Foundation

/// The regularized incomplete beta function I_x(a, b), which t and binomial distributions are made of.
enum IncompleteBeta {
    /// I_x(a, b) for positive `a` and `b` and `x` from 0 to 1, to about 14 digits, by its continued fraction
    /// (Abramowitz and Stegun 26.5.8) in Lentz's way (Press et al. 2007, "Numerical Recipes", section 6.4).
    static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
        precondition(a > 0 && b > 0 && x >= 0 && x <= 1, "the incomplete beta function is not defined there")
        guard x > 0, x < 1 else { return x }
        // The fraction converges fast on this side of the mean alone.
        guard x <= (a + 1) / (a + b + 2) else { return 1 - regularized(1 - x, b, a) }
        let logarithm = a * log(x) + b * log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)
        return exp(logarithm) * fraction(x, a, b) / a
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let smallest = 1e-300
        func nonzero(_ value: Double) -> Double { abs(value) < smallest ? smallest : value }
        var c = 1.0
        var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
        var result = d
        for index in 1...10_000 {
            let m = Double(index)
            for term in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / nonzero(1 + term * d)
                c = nonzero(1 + term / c)
                result *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }

    /// ln Γ(x) for positive `x`: Stirling's series (Abramowitz and Stegun 6.1.41), to which a small `x` is moved up.
    static func logGamma(_ x: Double) -> Double {
        var (x, product) = (x, 1.0)
        while x < 16 {
            product *= x
            x += 1
        }
        let square = 1 / (x * x)
        let series =
            (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) / x
        return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - log(product)
    }
}
