/// Two optimizers on the same problem, their trials paired by seed where they can be.
public struct PairComparison: Sendable, Equatable {
    /// One optimizer's name.
    public let a: String
    /// The other's.
    public let b: String
    /// On how many seeds `a` is the better one; of several replicates, in how many runs, one a replicate and seed.
    /// A trial that diverged loses to one that did not.
    public let wins: Int
    /// On how many seeds `a` is the worse one.
    public let losses: Int
    /// On how many seeds the two are equal, up to rounding, or both diverged.
    public let ties: Int
    /// Whether the trials of each are one computation, whatever the seed: then they count as one pair, and there is
    /// nothing to test.
    public let seedChangesNothing: Bool
    /// Why trials of two experiments are no pairs, so that they are tested as two samples; nil where they are pairs.
    public let whyUnpaired: String?
    /// What tests it.
    public let test: Test
    /// The two-sided p-value of the test; 1 where there is nothing to test, nil where the seed changes nothing.
    public let pValue: Double?
    /// The p-value corrected, by Holm's method, for all pairs of the problem that were tested.
    public internal(set) var pValueHolm: Double?
    /// The probability of superiority: how often `a` is the better one of a pair, ties counting half. Of two samples,
    /// of any trial of the one with any of the other. Nil where there is none to compare.
    public let superiority: Double?
    /// The rank-biserial correlation, from -1 to 1, positive where `a` is the better one: of pairs, how much of the
    /// sum of the ranks of all differences speaks for it less how much speaks against it (Kerby 2014); of two samples,
    /// twice the superiority less 1. Nil where there is none to compare.
    public let rankBiserial: Double?
    /// `a` less `b`, in the metric's own units, over the pairs; without values where a trial diverged or trials are no
    /// pairs.
    public internal(set) var difference: SampleSummary

    /// How the replicates of one of the two fare against the other; nil where neither has several.
    public internal(set) var replicates: ReplicateTally?

    /// How two optimizers are tested; the names are what results show.
    public enum Test: String, Sendable {
        /// Wilcoxon's signed-rank test of the pairs' differences.
        case signedRank = "signed-rank"
        /// The rank-sum test of two samples that are no pairs: of trials, or of replicates' means.
        case rankSum = "rank-sum"
        /// ``TwoWayRandomEffects``, of the differences of each replicate on each student, or of two samples of such.
        case twoWay = "two-way random effects"
        /// ``SignTest`` over replicates, where a value is not finite.
        case sign
    }

    /// How many seeds both ran on, as far as they have something to compare by; of several replicates, how many runs.
    public var seeds: Int { wins + losses + ties }

    /// Whether the trials are paired by seed.
    public var isPaired: Bool { whyUnpaired == nil }

    /// Compares two optimizers by what each of their trials came to; nil is nothing to compare by.
    init(
        _ first: OptimizerSample, _ second: OptimizerSample, _ valuesOfFirst: [PairedValue?],
        _ valuesOfSecond: [PairedValue?], higherIsBetter: Bool
    ) {
        if first.isReplicated || second.isReplicated {
            self.init(
                replicated: first, second, valuesOfFirst, valuesOfSecond, higherIsBetter: higherIsBetter)
        } else {
            self.init(single: first, second, valuesOfFirst, valuesOfSecond, higherIsBetter: higherIsBetter)
        }
    }

    /// Compares two that have one trial each of a place.
    private init(
        single first: OptimizerSample, _ second: OptimizerSample, _ valuesOfFirst: [PairedValue?],
        _ valuesOfSecond: [PairedValue?], higherIsBetter: Bool
    ) {
        a = first.name
        b = second.name
        seedChangesNothing = first.isOne && second.isOne
        let matches = seedChangesNothing ? [(0, 0)] : first.matches(second)
        let pairs = matches.compactMap { mine, other -> (PairedValue, PairedValue)? in
            guard let one = valuesOfFirst[mine], let other = valuesOfSecond[other] else { return nil }
            return (one, other)
        }
        let reason = matches.isEmpty ? first.whyUnpaired(with: second) : nil
        let samples = (valuesOfFirst.compactMap(\.self), valuesOfSecond.compactMap(\.self))
        if let reason, !samples.0.isEmpty, !samples.1.isEmpty {
            let test = Self.rankSumTest(samples, higherIsBetter: higherIsBetter)
            self.test = .rankSum
            whyUnpaired = reason
            (wins, losses, ties) = (0, 0, 0)
            pValue = test.pValue
            superiority = test.shareSmaller
            rankBiserial = 2 * test.shareSmaller - 1
            difference = SampleSummary([])
        } else {
            let differences = pairs.map { PairedDifference($0, $1, higherIsBetter: higherIsBetter) }
            let test = SignedRankTest(differences: differences)
            self.test = .signedRank
            whyUnpaired = nil
            (wins, losses, ties) = differences.tally
            pValue = seedChangesNothing ? nil : test.pValue
            let count = Double(differences.count)
            superiority = differences.isEmpty ? nil : (Double(wins) + Double(ties) / 2) / count
            rankBiserial = differences.rankBiserial(test)
            let plain = pairs.map { $0.value - $1.value }
            difference = SampleSummary(plain.allSatisfy(\.isFinite) ? plain : [], interval: nil)
        }
        pValueHolm = pValue
    }

    /// With what is known of it by other ways.
    init(
        _ a: String, _ b: String, seedChangesNothing: Bool, whyUnpaired: String?,
        counts: (wins: Int, losses: Int, ties: Int), test: Test, pValue: Double?, superiority: Double?,
        rankBiserial: Double?, difference: SampleSummary
    ) {
        self.a = a
        self.b = b
        self.seedChangesNothing = seedChangesNothing
        self.whyUnpaired = whyUnpaired
        (wins, losses, ties) = counts
        self.test = test
        self.pValue = pValue
        pValueHolm = pValue
        self.superiority = superiority
        self.rankBiserial = rankBiserial
        self.difference = difference
    }

    static func rankSumTest(
        _ samples: ([PairedValue], [PairedValue]), higherIsBetter: Bool
    ) -> RankSumTest {
        func inOrder(_ values: [PairedValue]) -> [PairedValue] {
            higherIsBetter ? values.map { PairedValue(value: -$0.value, rounding: $0.rounding) } : values
        }
        return RankSumTest(inOrder(samples.0), inOrder(samples.1))
    }
}

extension [PairComparison] {
    /// Corrects the p-values of the tested ones, which are one family.
    mutating func correct() {
        let tested = indices.filter { self[$0].pValue != nil }
        for (index, pValue) in zip(tested, HolmCorrection.corrected(tested.compactMap { self[$0].pValue })) {
            self[index].pValueHolm = pValue
        }
    }
}

extension [PairedDifference] {
    /// How many are below 0 (the first is better), above and neither.
    var tally: (wins: Int, losses: Int, ties: Int) {
        (count { !$0.isTie && $0.value < 0 }, count { !$0.isTie && $0.value > 0 }, count(where: \.isTie))
    }

    /// The rank-biserial correlation; nil where there is nothing to compare, and 0 where all are ties.
    ///
    /// - Parameter test: that of these differences.
    func rankBiserial(_ test: SignedRankTest) -> Double? {
        guard !isEmpty else { return nil }
        let ranks = test.negativeRankSum + test.positiveRankSum
        return ranks == 0 ? 0 : (test.negativeRankSum - test.positiveRankSum) / ranks
    }
}
