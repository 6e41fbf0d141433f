import Analysis
import Wording

extension Target {
    /// What is to be reached, as a title: `Steps to loss 0.5 (mean over the last 10 points)`.
    var title: String {
        let metric = metric.inWords
        let mean = window == 1 ? "each recorded point by itself" : "mean over the last \(window) recorded points"
        return "Steps to \(metric) \(NumberText.tick(value)) or \(self.metric.better) (\(mean))"
    }
}

extension TargetComparison {
    var title: String { target.title }

    /// The optimizers, the soonest first, and how it fares against each other one.
    var table: TargetTable { TargetTable(comparison: self) }
}

/// The table of how soon optimizers reach a target.
struct TargetTable {
    let comparison: TargetComparison

    var columns: [ReportColumn<TargetComparison.Summary>] {
        let first = comparison.optimizers.first?.name ?? ""
        func pair(_ summary: TargetComparison.Summary) -> PairComparison? {
            summary.name == first ? nil : comparison.pair(first, summary.name)
        }
        let columns: [ReportColumn<TargetComparison.Summary>] = [
            .init("optimizer", .left) { $0.name },
            .init("reached") { "\($0.reached) of \($0.trials)" },
            .init("median step") { $0.steps.map { Self.text($0.value) } ?? "" },
            .init("95% interval") { $0.steps?.interval.map(Self.text) ?? "" },
            .init("seconds") { $0.seconds.map { Self.text($0.value, digits: 3) } ?? "" },
            .init("later") { summary in
                pair(summary).map { pair in
                    guard pair.isPaired else { return "" }
                    return "\(pair.a == first ? pair.wins : pair.losses) of \(pair.seeds)"
                } ?? ""
            },
            .init("p corrected") { summary in pair(summary).map(\.pValueHolm.textOfPValue) ?? "" },
        ]
        return columns.filter { column in comparison.optimizers.contains { !column.cell($0).isEmpty } }
    }

    var fitted: FittedTable {
        let columns = columns
        return FittedTable(
            columns: columns.map(\.head),
            rows: comparison.optimizers.map { summary in columns.map { $0.cell(summary) } },
            importance: ["median step", "optimizer", "reached", "p corrected", "95% interval"])
    }

    private static func text(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return "never" }
        if let whole = Int(exactly: value) { return String(whole) }
        return value * 2 == (value * 2).rounded()
            ? NumberText.tick(value) : NumberText.significant(value, digits: digits)
    }

    private static func text(_ interval: ClosedRange<Double>) -> String {
        "[\(text(interval.lowerBound)), \(text(interval.upperBound))]"
    }

    /// What the figures are, as a paragraph.
    static let legend = """
        Steps to a target: the median over trials, of which one that never got there counts as longer than any, and \
        its 95% interval by order statistics; never: half the trials or more did not get there. Seconds: likewise, of \
        each trial's time times the step's share of its steps. Later: on how many seeds the first optimizer is sooner; p of the \
        same test as above, of the steps.
        """
}
