import Foundation

extension ProblemComparison {
    /// The significance level of a verdict.
    public static let significanceLevel = 0.05

    /// What the comparison says, in plain words: the best optimizer by mean final loss against the next one.
    ///
    /// A difference is called one when the p-value, corrected for all pairs of the problem, is below 0.05.
    public var verdict: String {
        guard let best = optimizers.first else { return "no finished trials" }
        guard optimizers.count > 1 else { return "\(best.name) has no rival here" }
        let rival = optimizers[1]
        guard let pair = pair(best.name, rival.name), pair.seeds > 0 else {
            return "\(best.name) and \(rival.name) have no seed in common"
        }
        if best.diverged == best.trials {
            return "all trials of all optimizers diverged"
        }
        let tally = "\(pair.wins) of \(pair.seeds) seeds"
        if pair.pValueHolm < Self.significanceLevel {
            return pair.wins > pair.losses
                ? "\(best.name) beats \(rival.name) on \(tally), \(significance(of: pair))"
                : "\(best.name) has the lower mean, but wins on only \(tally) against \(rival.name), "
                    + significance(of: pair)
        }
        let undecided = "\(best.name) and \(rival.name) cannot be told apart"
        let decisive = pair.wins + pair.losses
        if decisive == 0 {
            return "\(undecided): they tie on all \(pair.seeds) seeds"
        }
        // With n differences the smallest two-sided p-value is 2 / 2ⁿ.
        if decisive < 6 {
            let seeds = pair.seeds == 1 ? "1 seed" : "\(pair.seeds) seeds"
            return "\(undecided) on \(seeds): it takes at least 6 to reach p < 0.05 (\(best.name) wins on \(pair.wins))"
        }
        return "\(undecided): \(best.name) wins on \(tally), \(significance(of: pair))"
    }

    private func significance(of pair: PairComparison) -> String {
        let plain = "p = \(Self.text(ofPValue: pair.pValue))"
        guard pairs.count > 1 else { return plain }
        return "\(plain) (\(Self.text(ofPValue: pair.pValueHolm)) corrected for \(pairs.count) pairs)"
    }

    /// A p-value to two significant digits: `0.031`, `1.9e-06`.
    public static func text(ofPValue pValue: Double) -> String {
        if pValue >= 0.9995 {
            return "1"
        }
        return pValue < 0.001 ? String(format: "%.1e", pValue) : String(format: "%.2g", pValue)
    }
}
