/// The distribution of the mean of n values drawn with replacement from n values, by its Edgeworth expansion to the
/// order 1/n (Hall 1992, "The Bootstrap and Edgeworth Expansion", chapters 2 and 3), inverted as Cornish and Fisher
/// did.
///
/// With the values' mean m, deviation σ (divisor n), skewness γ and excess kurtosis κ, the quantile at Φ(z) is
///
///     m + σ/√n (z + γ/(6√n) (z² − 1) + κ/(24n) (z³ − 3z) − γ²/(36n) (2z³ − 5z))
///
/// At z = 0 the share below the mean is Φ(γ/(6√n)) up to n^(−3/2).
struct EdgeworthExpansion {
    /// The mean of the values.
    let mean: Double
    /// The standard error of a mean of so many.
    private let error: Double
    /// γ/√n, the skewness of the mean.
    let skewness: Double
    /// κ/n, its excess kurtosis.
    private let kurtosis: Double

    /// A hundredth of a standard error: a third of the noise in an endpoint that 10,000 resamples give.
    private static let largestTerm = 0.01

    /// Expands for `values`, at least two that differ.
    init(ofMean values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        // Deviations in units of the largest, so that no power of them over- or underflows.
        let largest = values.reduce(0) { max($0, abs($1 - mean)) }
        var (squares, cubes, fourths) = (0.0, 0.0, 0.0)
        for value in values {
            let deviation = (value - mean) / largest
            let square = deviation * deviation
            squares += square
            cubes += square * deviation
            fourths += square * square
        }
        self.mean = mean
        error = squares.squareRoot() / count * largest
        skewness = cubes / (squares * squares.squareRoot())
        kurtosis = fourths / (squares * squares) - 3 / count
    }

    /// The quantile at Φ(z); nil where the last terms are so large that those left out might matter.
    func quantile(at z: Double) -> Double? {
        let cube = z * z * z
        let last = kurtosis / 24 * (cube - 3 * z) - skewness * skewness / 36 * (2 * cube - 5 * z)
        guard abs(last) <= Self.largestTerm else { return nil }
        return mean + error * (z + skewness / 6 * (z * z - 1) + last)
    }
}
