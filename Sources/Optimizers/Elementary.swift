/// Elementary functions that give the same bits on every machine, which the C library's need not.
package enum Elementary {
    /// A base of 1 or more to a power between 0 and 1, by the exponential's series for a 64th of it.
    package static func power(_ base: Double, _ power: Double) -> Double {
        let exponent = power * logarithm(base) / 64
        var (term, sum) = (1.0, 1.0)
        for index in 1...seriesTerms(below: exponent.magnitude) {
            term *= exponent / Double(index)
            sum += term
        }
        for _ in 0..<6 { sum *= sum }
        return sum
    }

    /// Ten are enough for a hundred; larger bases take more.
    private static func seriesTerms(below exponent: Double) -> Int { exponent < 0.1 ? 10 : 60 }

    /// The natural logarithm of a positive number: the exponent of two by itself, and 2 artanh((m − 1) / (m + 1)) for the
    /// rest m between √½ and √2.
    static func logarithm(_ value: Double) -> Double {
        var mantissa = value.significand
        var exponent = Double(value.exponent)
        if mantissa > 2.0.squareRoot() {
            mantissa /= 2
            exponent += 1
        }
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum = 0.0
        for index in stride(from: 31, through: 3, by: -2) { sum = (sum + 1 / Double(index)) * square }
        // ln 2 in two parts, of which the product of the first with a small integer is exact.
        return exponent * 0x1.62e42feep-1 + (2 * ratio + (2 * ratio * sum + exponent * 0x1.a39ef35793c76p-33))
    }

    /// The sine of an angle between 0 and π / 2 by its series.
    static func sine(_ angle: Double) -> Double {
        let square = angle * angle
        var term = angle
        var sum = angle
        for index in 1...12 {
            term *= -square / Double(2 * index * (2 * index + 1))
            sum += term
        }
        return sum
    }
}
