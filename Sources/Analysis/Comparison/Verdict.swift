import Foundation
import Wording

extension ProblemComparison {
    /// The significance level of a verdict.
    public static let significanceLevel = 0.05

    /// What the comparison says, in plain words: the best optimizer by its mean against the next one, or against the
    /// best of those that were to be compared against.
    ///
    /// A difference is called one when the p-value, corrected for all pairs that were tested, is below 0.05.
    public var verdict: String {
        guard let best = optimizers.first else { return "no finished trials" }
        guard optimizers.count > 1 else { return "\(best.name) has no rival here" }
        guard let rival = rival(of: best) else {
            return "no trial of \(criteria.against.joined(separator: " or ")) has finished here"
        }
        guard let pair = pair(best.name, rival.name), pair.seeds > 0 || !pair.isPaired else {
            let measured = criteria.metric == .finalLoss ? "" : " with \(criteria.metric.inWords)"
            return "\(best.name) and \(rival.name) have no seed in common\(measured)"
        }
        if best.diverged == best.trials {
            return "all trials of all optimizers diverged"
        }
        if let tally = pair.replicates { return replicated(best, rival, pair, tally) }
        guard pair.isPaired else { return unpaired(best, rival, pair) }
        return pair.seedChangesNothing ? untested(best, rival, pair) : tested(best, rival, pair)
    }

    /// The best one to compare `best` with; nil where none of those to compare against is here.
    private func rival(of best: OptimizerSummary) -> OptimizerSummary? {
        optimizers.dropFirst().first { criteria.tests(best.name, $0.name) }
    }

    /// Of two of which one has replicates: how many of them are on which side, and whether that would hold for others.
    private func replicated(
        _ best: OptimizerSummary, _ rival: OptimizerSummary, _ pair: PairComparison, _ tally: ReplicateTally
    ) -> String {
        let better = criteria.metric.higherIsBetter ? "higher" : "lower"
        let mean = "mean" + (criteria.metric == .finalLoss ? "" : " \(criteria.metric.inWords)")
        let other = tally.optimizer == best.name ? rival.name : best.name
        let count =
            "\(tally.won) of \(counted(tally.count, "replicate")) of \(tally.optimizer) "
            + "\(tally.won == 1 ? "has" : "have") a \(better) \(mean) than \(other)"
        guard let pValue = pair.pValueHolm, pValue < Self.significanceLevel else {
            return "\(best.name) and \(rival.name) cannot be told apart\(inMetric): \(count), \(significance(of: pair))"
        }
        return "\(best.name) beats \(rival.name)\(inMetric): \(count), \(significance(of: pair))"
    }

    private func untested(_ best: OptimizerSummary, _ rival: OptimizerSummary, _ pair: PairComparison) -> String {
        let metric = criteria.metric
        let order =
            pair.ties > 0
            ? "\(best.name) and \(rival.name) end alike"
            : "\(best.name) ends \(metric.higherIsBetter ? "higher" : "lower") than \(rival.name)"
        return "\(order)\(inMetric); the seed changes nothing here, so there is nothing to test"
    }

    private func unpaired(_ best: OptimizerSummary, _ rival: OptimizerSummary, _ pair: PairComparison) -> String {
        let share = Self.text(ofShare: pair.a == best.name ? pair.superiority : pair.superiority.map { 1 - $0 })
        let tally = "in \(share) of all comparisons of a trial of the one with one of the other"
        guard let pValue = pair.pValueHolm, pValue < Self.significanceLevel else {
            return "\(best.name) and \(rival.name) cannot be told apart\(inMetric): \(best.name) is the better one "
                + "\(tally), \(significance(of: pair)), not paired"
        }
        return "\(best.name) beats \(rival.name)\(inMetric) \(tally), \(significance(of: pair)), not paired"
    }

    /// A probability in whole percent, such that only what is certain is 0% or 100%; a dash for none.
    public static func text(ofShare share: Double?) -> String {
        guard let share else { return "-" }
        let percent = (share * 100).rounded()
        if share > 0, share < 1, percent == 0 || percent == 100 { return percent == 0 ? "<1%" : ">99%" }
        return "\(Int(percent))%"
    }

    private func tested(_ best: OptimizerSummary, _ rival: OptimizerSummary, _ pair: PairComparison) -> String {
        let tally = "\(pair.wins) of \(counted(pair.seeds, "seed"))"
        let metric = criteria.metric
        if let pValue = pair.pValueHolm, pValue < Self.significanceLevel {
            let mean =
                "\(metric.higherIsBetter ? "higher" : "lower") mean"
                + (metric == .finalLoss ? "" : " \(metric.inWords)")
            return pair.wins > pair.losses
                ? "\(best.name) beats \(rival.name)\(inMetric) on \(tally), \(significance(of: pair))"
                : "\(best.name) has the \(mean), but wins on only \(tally) against \(rival.name), "
                    + significance(of: pair)
        }
        let undecided = "\(best.name) and \(rival.name) cannot be told apart\(inMetric)"
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

    /// By what they are compared, where that is not the final loss.
    private var inMetric: String { criteria.metric == .finalLoss ? "" : " in \(criteria.metric.inWords)" }

    private func significance(of pair: PairComparison) -> String {
        guard let pValue = pair.pValue, let corrected = pair.pValueHolm else { return "not tested" }
        let figure = Self.text(ofPValue: pValue)
        let plain = figure.hasPrefix("<") ? "p \(figure)" : "p = \(figure)"
        let tested = pairs.count { $0.pValue != nil }
        let family = criteria.against.isEmpty ? "" : " with \(criteria.against.joined(separator: " or "))"
        guard tested > 1 else { return criteria.against.isEmpty ? plain : "\(plain) (the only pair tested)" }
        return "\(plain) (\(Self.text(ofPValue: corrected)) corrected for \(tested) pairs\(family))"
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
