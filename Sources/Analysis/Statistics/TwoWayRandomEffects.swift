/// The mean of crossed values, replicates × students, in a model in which both are random:
///
///     x_rs = μ + α_r + β_s + ε_rs
///
/// with independent effects of the replicate (a trained optimizer), of the student, and of both together. A test of
/// μ = 0 then holds for replicates and students that were never drawn, where one over all values alone would take those
/// of one replicate for independent evidence.
///
/// With R rows, S columns and the mean squares M_R, M_S and M_E of the analysis of variance without repetition, the
/// variance of the mean is estimated by
///
///     V = (M_R + M_S − M_E) / (R S)
///
/// as E M_R = S σ²_α + σ²_ε, E M_S = R σ²_β + σ²_ε and E M_E = σ²_ε (Scheffé 1959, "The Analysis of Variance", section
/// 7.4; for crossed subjects and items Clark 1973, "The language-as-fixed-effect fallacy"). Its degrees of freedom are
/// Satterthwaite's (1946, "An approximate distribution of estimates of variance components"):
///
///     V² / Σ (c_i M_i)² / f_i   over the mean squares in V, each with its factor c_i and its degrees f_i.
///
/// An estimate of a variance component below 0 counts as 0: its mean square and M_E then leave V. With one row or one
/// column it is the one-sample t-test.
public struct TwoWayRandomEffects: Sendable, Equatable {
    /// The mean of all values.
    public let mean: Double
    /// V, of the mean.
    public let variance: Double
    /// Satterthwaite's degrees of freedom; 0 where there is one value.
    public let degrees: Double

    /// The two-sided p-value of μ = 0 by Student's distribution; nil where there is one value. Where nothing varies it
    /// is 0, or 1 of a mean of 0.
    public var pValue: Double? { Self.pValue(mean: mean, variance: variance, degrees: degrees) }

    /// By how much a 95% interval of the mean reaches to either side of it; nil where there is one value.
    public var reach: Double? {
        degrees > 0 ? StudentDistribution.reach(degrees: degrees) * variance.squareRoot() : nil
    }

    /// - Parameter values: rows of one length, at least one, all finite.
    public init(_ values: [[Double]]) {
        let (rows, columns) = (values.count, values.first?.count ?? 0)
        precondition(rows > 0 && columns > 0 && values.allSatisfy { $0.count == columns }, "values are a rectangle")
        let (r, s) = (Double(rows), Double(columns))
        let rowMeans = values.map { $0.reduce(0, +) / s }
        let columnMeans = (0..<columns).map { column in values.reduce(0) { $0 + $1[column] } / r }
        let mean = rowMeans.reduce(0, +) / r
        var rest = 0.0
        for (row, rowMean) in zip(values, rowMeans) {
            for (value, columnMean) in zip(row, columnMeans) {
                let residual = value - rowMean - columnMean + mean
                rest += residual * residual
            }
        }
        func squares(_ means: [Double]) -> Double { means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
        let ofRows = MeanSquare(sum: s * squares(rowMeans), degrees: r - 1)
        let ofColumns = MeanSquare(sum: r * squares(columnMeans), degrees: s - 1)
        let ofRest = MeanSquare(sum: rest, degrees: (r - 1) * (s - 1))
        let terms: [MeanSquare] =
            switch (rows > 1, columns > 1) {
            case (false, _): [ofColumns]
            case (true, false): [ofRows]
            case (true, true):
                switch (ofRows.value > ofRest.value, ofColumns.value > ofRest.value) {
                case (true, true): [ofRows, ofColumns, ofRest.negative]
                case (true, false): [ofRows]
                case (false, true): [ofColumns]
                case (false, false): [ofRest]
                }
            }
        self.mean = mean
        let total = terms.reduce(0) { $0 + $1.value }
        variance = total / (r * s)
        degrees = Self.satterthwaite(terms)
    }

    /// The two-sided p-value of two means being equal, of values that are no pairs; nil where both are one value.
    public static func pValueOfDifference(_ a: TwoWayRandomEffects, _ b: TwoWayRandomEffects) -> Double? {
        let terms = [a, b].filter { $0.degrees > 0 }.map { MeanSquare(value: $0.variance, degrees: $0.degrees) }
        return pValue(
            mean: a.mean - b.mean, variance: terms.reduce(0) { $0 + $1.value }, degrees: satterthwaite(terms))
    }

    private static func pValue(mean: Double, variance: Double, degrees: Double) -> Double? {
        guard degrees > 0 else { return nil }
        guard variance > 0 else { return mean == 0 ? 1 : 0 }
        return StudentDistribution.twoSided(mean / variance.squareRoot(), degrees: degrees)
    }

    private static func satterthwaite(_ terms: [MeanSquare]) -> Double {
        let total = terms.reduce(0) { $0 + $1.value }
        let squares = terms.reduce(0) { $0 + ($1.degrees > 0 ? $1.value * $1.value / $1.degrees : 0) }
        // Where nothing varies, any will do.
        return squares > 0 ? total * total / squares : terms.reduce(0) { $0 + $1.degrees }
    }

    private struct MeanSquare {
        var value: Double
        var degrees: Double

        init(value: Double, degrees: Double) {
            self.value = value
            self.degrees = degrees
        }

        init(sum: Double, degrees: Double) {
            self.init(value: degrees > 0 ? sum / degrees : 0, degrees: degrees)
        }

        var negative: MeanSquare { MeanSquare(value: -value, degrees: degrees) }
    }
}
