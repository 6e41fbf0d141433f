import Foundation
import Wording

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
        let tally = "\(pair.wins) of \(counted(pair.seeds, "seed"))"
        if pair.pValueHolm < Self.significanceLevel {
            return pair.wins > pair.losses
                ? "\(best.name) beats \(rival.name) on \(tally), \(significance(of: pair))"
                : "\(best.name) has the lower mean, but wins on only \(tally) against \(rival.name), "
                    + significance(of: pair)
        }
        let undecided = "\(best.name) and \(rival.name) cannot be told apart"
        let decisive = pair.wins + pair.losses
        if decisive == 0 {
            return "\(undecided): they tie on \(pair.seeds == 1 ? "the one seed" : "all \(pair.seeds) seeds")"
        }
        // With n differences the smallest two-sided p-value is 2 / 2ⁿ.
        if decisive < 6 {
            let seeds = counted(pair.seeds, "seed")
            return "\(undecided) on \(seeds): it takes at least 6 to reach p < 0.05 (\(best.name) wins on \(pair.wins))"
        }
        return "\(undecided): \(best.name) wins on \(tally), \(significance(of: pair))"
    }

    private func significance(of pair: PairComparison) -> String {
        let figure = Self.text(ofPValue: pair.pValue)
        let plain = figure.hasPrefix("<") ? "p \(figure)" : "p = \(figure)"
        guard pairs.count > 1 else { return plain }
        return "\(plain) (\(Self.text(ofPValue: pair.pValueHolm)) corrected for \(pairs.count) pairs)"
    }

    /// A p-value to two significant digits: `0.031`, `1.9e-06`; one too small for `Double` or its digits is `< 1e-300`.
    public static func text(ofPValue pValue: Double) -> String {
        if pValue >= 0.9995 {
            return "1"
        }
        if pValue < 1e-300 {
            return "< 1e-300"
        }
        return pValue < 0.001 ? String(format: "%.1e", pValue) : String(format: "%.2g", pValue)
    }
}
