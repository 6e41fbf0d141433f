import Foundation

/// Wilcoxon's signed-rank test of paired differences, two-sided (Wilcoxon 1945, "Individual comparisons by ranking
/// methods").
///
/// The null hypothesis is that the differences are symmetric about zero. Differences of zero are dropped before
/// ranking, as Wilcoxon did; equal magnitudes share the mean of their ranks. What is zero, and what is equal, is so up
/// to rounding (``PairedDifference``): a group of ties reaches from its smallest magnitude to the last one that equals
/// it. With at most 50 differences left the p-value is exact, ties or not: it is read from the distribution of the rank
/// sum over all 2ⁿ ways of giving the observed ranks signs. With more it is the normal approximation, its variance
/// corrected for ties,
///
///     σ² = n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48   over groups of t equal magnitudes,
///
/// with a continuity correction of one half. An infinite difference (one of a pair diverged) ranks above all finite
/// ones.
public struct SignedRankTest: Sendable, Equatable {
    /// How many differences are not zero.
    public let count: Int
    /// The sum of the ranks of the positive differences.
    public let positiveRankSum: Double
    /// The sum of the ranks of the negative differences.
    public let negativeRankSum: Double
    /// The probability, under the null hypothesis, of rank sums at least as uneven; 1 where no difference is left.
    public let pValue: Double
    /// Whether the p-value comes from the exact distribution.
    public let isExact: Bool

    /// The most differences whose exact distribution is worked out: up to here the counts are exact in a `Double`.
    public static let largestExactCount = 50

    /// Tests `differences`, given in any order.
    public init(differences: [PairedDifference]) {
        let nonzero = differences.filter { !$0.isTie }
            .sorted { ($0.value.magnitude, $0.rounding) < ($1.value.magnitude, $1.rounding) }
        count = nonzero.count
        isExact = count <= Self.largestExactCount
        var doubledRanks: [Int] = []
        var tieGroups: [Int] = []
        var doubledPositive = 0
        var start = 0
        while start < nonzero.count {
            let end = nonzero[start...].firstIndex { !$0.isAsLarge(as: nonzero[start]) } ?? nonzero.count
            // Ranks start + 1 … end have the mean (start + 1 + end) / 2; doubled, it is a whole number.
            let doubledRank = start + 1 + end
            doubledRanks += repeatElement(doubledRank, count: end - start)
            doubledPositive += doubledRank * nonzero[start..<end].count { $0.value > 0 }
            tieGroups.append(end - start)
            start = end
        }
        let doubledTotal = count * (count + 1)
        let doubledSmaller = min(doubledPositive, doubledTotal - doubledPositive)
        positiveRankSum = Double(doubledPositive) / 2
        negativeRankSum = Double(doubledTotal - doubledPositive) / 2
        if isExact {
            pValue = Self.exactPValue(doubledRanks: doubledRanks, doubledSum: doubledSmaller)
        } else {
            pValue = Self.normalPValue(count: count, tieGroups: tieGroups, rankSum: Double(doubledSmaller) / 2)
        }
    }

    /// Twice the share of sign assignments whose doubled rank sum is at most `doubledSum`.
    private static func exactPValue(doubledRanks: [Int], doubledSum: Int) -> Double {
        // ways[s]: how many sets of the ranks so far have the doubled sum s. All counts are at most 2⁵⁰: exact.
        var ways = [Double](repeating: 0, count: doubledSum + 1)
        ways[0] = 1
        for rank in doubledRanks where rank <= doubledSum {
            for sum in stride(from: doubledSum, through: rank, by: -1) {
                ways[sum] += ways[sum - rank]
            }
        }
        return min(1, 2 * ways.reduce(0, +) / exp2(Double(doubledRanks.count)))
    }

    private static func normalPValue(count: Int, tieGroups: [Int], rankSum: Double) -> Double {
        let n = Double(count)
        let ties = tieGroups.reduce(0.0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
        let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
        let distance = max(abs(rankSum - n * (n + 1) / 4) - 0.5, 0)
        return min(1, erfc(distance / (2 * variance).squareRoot()))
    }
}
