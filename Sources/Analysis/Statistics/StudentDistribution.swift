import Foundation

/// Student's t distribution.
public enum StudentDistribution {
    /// By how many standard errors a 95% interval of a mean reaches to either side; nil for fewer than two values.
    ///
    /// - Parameter count: how many values the mean is of.
    public static func reach(count: Int) -> Double? {
        guard count >= 2 else { return nil }
        let degrees = count - 1
        // From here on it is the normal one's, with two terms of its expansion (error below 1e-7).
        guard degrees < 500 else {
            let z = NormalDistribution.quantile(0.975)
            let (cube, fifth, share) = (z * z * z, z * z * z * z * z, 1 / Double(degrees))
            return z + (cube + z) / 4 * share + (5 * fifth + 16 * cube + 3 * z) / 96 * share * share
        }
        var (low, high) = (1.0, 20.0)
        while high - low > 1e-12 * high {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if within(middle, degrees: degrees) < 0.95 { low = middle } else { high = middle }
        }
        return high
    }

    /// The probability of a magnitude of at least that of `t`, the two-sided p-value, for any positive number of degrees
    /// of freedom (Abramowitz and Stegun 26.7.1).
    static func twoSided(_ t: Double, degrees: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? .nan : 0 }
        return IncompleteBeta.regularized(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// By how many standard errors a 95% interval reaches to either side, for any positive degrees of freedom.
    static func reach(degrees: Double) -> Double {
        var (low, high) = (1.0, 2.0)
        while twoSided(high, degrees: degrees) > 0.05 { high *= 2 }
        while high - low > 1e-12 * high {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if twoSided(middle, degrees: degrees) > 0.05 { low = middle } else { high = middle }
        }
        return high
    }

    /// The probability of a magnitude of at most `t` (Abramowitz and Stegun, 26.7.3 and 26.7.4).
    static func within(_ t: Double, degrees: Int) -> Double {
        let angle = atan(t / Double(degrees).squareRoot())
        let square = cos(angle) * cos(angle)
        let isOdd = !degrees.isMultiple(of: 2)
        var term = isOdd ? cos(angle) : 1
        var sum = degrees == 1 ? 0 : term
        for index in stride(from: isOdd ? 3 : 2, to: degrees, by: 2) {
            term *= square * Double(index - 1) / Double(index)
            sum += term
        }
        return isOdd ? 2 / .pi * (angle + sin(angle) * sum) : sin(angle) * sum
    }
}
