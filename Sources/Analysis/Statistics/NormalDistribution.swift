import Foundation

/// The standard normal distribution.
enum NormalDistribution {
    /// Φ(z), the probability of a value of at most `z`.
    static func cumulative(_ z: Double) -> Double {
        0.5 * erfc(-z / 2.0.squareRoot())
    }

    /// Φ⁻¹(p): the value which a share `p` of the distribution does not exceed, for `0 < p < 1`.
    ///
    /// Acklam's rational approximation (relative error 1.15e-9), then one step of Halley's method, which brings it to
    /// the precision of `Double`.
    static func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a quantile needs a probability between 0 and 1")
        let start = approximateQuantile(probability)
        let error = cumulative(start) - probability
        let newton = error * (2 * Double.pi).squareRoot() * exp(start * start / 2)
        return start - newton / (1 + start * newton / 2)
    }

    private static func approximateQuantile(_ probability: Double) -> Double {
        let tail = 0.02425
        if probability < tail {
            return tailQuantile(probability)
        }
        if probability > 1 - tail {
            return -tailQuantile(1 - probability)
        }
        let distance = probability - 0.5
        let square = distance * distance
        let numerator = polynomial(
            [
                -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
                -3.066479806614716e+01, 2.506628277459239e+00,
            ], at: square)
        let denominator = polynomial(
            [
                -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                -1.328068155288572e+01, 1,
            ], at: square)
        return distance * numerator / denominator
    }

    private static func tailQuantile(_ probability: Double) -> Double {
        let depth = (-2 * log(probability)).squareRoot()
        let numerator = polynomial(
            [
                -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
                4.374664141464968e+00, 2.938163982698783e+00,
            ], at: depth)
        let denominator = polynomial(
            [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1], at: depth)
        return numerator / denominator
    }

    private static func polynomial(_ coefficients: [Double], at x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }
}
