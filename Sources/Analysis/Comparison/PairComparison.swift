/// Two optimizers on the same problem, their trials paired by seed.
public struct PairComparison: Sendable, Equatable {
    /// One optimizer's name.
    public let a: String
    /// The other's.
    public let b: String
    /// On how many seeds `a` is the better one. A trial that diverged loses to one that did not.
    public let wins: Int
    /// On how many seeds `a` is the worse one.
    public let losses: Int
    /// On how many seeds the two are equal, up to rounding, or both diverged.
    public let ties: Int
    /// Whether the trials of each are one computation, whatever the seed: then they count as one pair, and there is
    /// nothing to test.
    public let seedChangesNothing: Bool
    /// The two-sided p-value of Wilcoxon's signed-rank test of the differences; 1 where there is none to test, nil
    /// where the seed changes nothing.
    public let pValue: Double?
    /// The p-value corrected, by Holm's method, for all pairs of the problem that were tested.
    public internal(set) var pValueHolm: Double?

    /// How many seeds both ran on, as far as they have something to compare by.
    public var seeds: Int { wins + losses + ties }

    init(
        a: String, b: String, _ trialsOfA: [Int: ComparedTrial], _ trialsOfB: [Int: ComparedTrial],
        metric: ComparisonMetric
    ) {
        seedChangesNothing = trialsOfA.values.areOneComputation && trialsOfB.values.areOneComputation
        let pairs =
            seedChangesNothing
            ? zip(trialsOfA.values.prefix(1), trialsOfB.values.prefix(1)).map { ($0, $1) }
            : trialsOfA.compactMap { seed, outcome in trialsOfB[seed].map { (outcome, $0) } }
        let differences = pairs.compactMap { first, second -> PairedDifference? in
            guard let one = first.value(of: metric), let other = second.value(of: metric) else { return nil }
            return PairedDifference(one, other, metric: metric, precisions: (first.precision, second.precision))
        }
        self.a = a
        self.b = b
        ties = differences.count(where: \.isTie)
        wins = differences.count { !$0.isTie && $0.value < 0 }
        losses = differences.count { !$0.isTie && $0.value > 0 }
        pValue = seedChangesNothing ? nil : SignedRankTest(differences: differences).pValue
        pValueHolm = pValue
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
