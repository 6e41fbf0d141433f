import Foundation

/// The rank-sum test of two samples that are no pairs, two-sided (Wilcoxon 1945; Mann and Whitney 1947, "On a test of
/// whether one of two random variables is stochastically larger than the other").
///
/// The null hypothesis is that both come from one distribution. Equal values, up to rounding, share the mean of their
/// ranks; what is not finite ranks above all that is. Of at most 50 values in all the p-value is exact, ties or not: it
/// is read from the distribution of the rank sum over all ways of choosing the first sample from both. Of more it is
/// the normal approximation, its variance corrected for ties, with a continuity correction of one half.
struct RankSumTest {
    /// The probability, under the null hypothesis, of a rank sum at least as far from its mean.
    let pValue: Double
    /// The share of pairs of one value of each sample in which the first is the smaller one, equal ones counting half.
    let shareSmaller: Double

    /// Up to so many values in all, the distribution is worked out: to here the counts are exact in a `Double`.
    static let largestExactCount = 50

    /// Tests two samples, neither of them empty.
    init(_ first: [PairedValue], _ second: [PairedValue]) {
        func entry(_ value: PairedValue, isFirst: Bool) -> (value: PairedValue, isFirst: Bool) {
            (value.value.isFinite ? value : PairedValue(value: .infinity, rounding: 0), isFirst)
        }
        let values = (first.map { entry($0, isFirst: true) } + second.map { entry($0, isFirst: false) })
            .sorted { ($0.value.value, $0.value.rounding) < ($1.value.value, $1.value.rounding) }
        var doubledRanks: [Int] = []
        var ties = 0.0
        var doubledSum = 0
        var start = 0
        while start < values.count {
            let smallest = values[start].value
            let end =
                values[start...].firstIndex {
                    $0.value.value != smallest.value
                        && $0.value.value - smallest.value > $0.value.rounding + smallest.rounding
                } ?? values.count
            // Ranks start + 1 … end have the mean (start + 1 + end) / 2; doubled, it is a whole number.
            let doubledRank = start + 1 + end
            doubledRanks += repeatElement(doubledRank, count: end - start)
            doubledSum += doubledRank * values[start..<end].count(where: \.isFirst)
            let size = Double(end - start)
            ties += size * (size * size - 1)
            start = end
        }
        let (m, n) = (first.count, second.count)
        let smallest = m * (m + 1)
        shareSmaller = 1 - Double(doubledSum - smallest) / 2 / Double(m * n)
        let doubledMean = m * (m + n + 1)
        let distance = (doubledSum - doubledMean).magnitude
        if m + n <= Self.largestExactCount {
            pValue = Self.exact(doubledRanks, choose: m, doubledMean: doubledMean, distance: distance)
        } else {
            let total = Double(m + n)
            let variance = Double(m) * Double(n) / 12 * (total + 1 - ties / (total * (total - 1)))
            let deviation = max(Double(distance) / 2 - 0.5, 0)
            pValue = variance > 0 ? min(1, erfc(deviation / (2 * variance).squareRoot())) : 1
        }
    }

    /// The share of choices whose doubled rank sum is at least so far from its mean.
    private static func exact(_ ranks: [Int], choose count: Int, doubledMean: Int, distance: UInt) -> Double {
        let largest = ranks.reduce(0, +)
        // ways[k][s]: how many choices of k of the ranks so far have the doubled sum s. All counts are below 2⁵³.
        var ways = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: count + 1)
        ways[0][0] = 1
        for (seen, rank) in ranks.enumerated() {
            for chosen in stride(from: min(count, seen + 1), through: 1, by: -1) {
                for sum in stride(from: largest, through: rank, by: -1) {
                    ways[chosen][sum] += ways[chosen - 1][sum - rank]
                }
            }
        }
        let (extreme, all) = ways[count].enumerated().reduce(into: (0.0, 0.0)) { counts, entry in
            if (entry.offset - doubledMean).magnitude >= distance { counts.0 += entry.element }
            counts.1 += entry.element
        }
        return min(1, extreme / all)
    }
}
