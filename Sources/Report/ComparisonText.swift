import Analysis
import Foundation
import Wording

extension Comparison {
    /// The comparison for people: what was asked, on what data, and for each problem the optimizers, the best one
    /// against each other one, the mean curves and the verdict; where students differ, the mean losses by what they
    /// are like.
    ///
    /// - Parameter property: To have the same of each group of students in place of all that; nil for the whole.
    public func text(for terminal: Terminal, by property: ArchitectureProperty? = nil) -> String {
        var lines = heading(for: terminal)
        for problem in problems {
            lines.append("")
            lines += property.map { problem.lines(for: terminal, by: $0) } ?? problem.lines(for: terminal)
        }
        if problems.isEmpty {
            lines += ["", "No evaluation trial has finished yet."]
        } else {
            lines.append("")
            lines += methods(by: property).flatMap { $0.wrapped(to: terminal.width) }
                .map { terminal.styled($0, .faint) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func heading(for terminal: Terminal) -> [String] {
        var lines = terminal.title(version.map { "\(experiment)@\($0.prefix(8))" } ?? experiment)
        lines += terminal.showable(question ?? "").wrapped(to: terminal.width)
        lines += data.flatMap { terminal.showable("Data: \($0)").wrapped(to: terminal.width) }
        lines += missing(unfinishedTrials, "\(plural(unfinishedTrials, "has", "have")) not finished")
        lines += missing(failedTrials, "failed")
        return lines
    }

    private func missing(_ count: Int, _ fate: String) -> [String] {
        guard count > 0 else { return [] }
        let them = plural(count, "it", "them")
        return ["\(counted(count, "evaluation trial")) \(fate); these figures are without \(them)."]
    }

    /// How the figures came about, in paragraphs.
    private func methods(by property: ArchitectureProperty?) -> [String] {
        let intervalsAndTests = """
            Brackets: 95% interval of the mean, \(BootstrapInterval.method) of \
            \(NumberText.grouped(Double(BootstrapInterval.resamples))) resamples. p: Wilcoxon's signed-rank test, \
            two-sided, trials paired by seed; corrected by Holm's method for all pairs of the
            """
        let lowest = "* marks the lowest mean of a row"
        guard property == nil else {
            let loses = "Loses: on how many students the first optimizer of the group does better."
            return ["\(intervalsAndTests) group, and not for there being several groups.", "\(lowest). \(loses)"]
        }
        let grouped = ArchitectureProperty.allCases.filter { property in
            problems.contains { $0.grouping(by: property) != nil }
        }
        guard !grouped.isEmpty else { return ["\(intervalsAndTests) problem."] }
        let options = grouped.map { "--by \($0.rawValue)" }.joined(separator: " and ")
        return ["\(intervalsAndTests) problem.", "\(lowest). Intervals and tests: \(options)."]
    }
}

extension ProblemComparison {
    fileprivate func lines(for terminal: Terminal) -> [String] {
        var lines = terminal.title("Problem \(name)") + [""]
        lines += optimizerTable.lines(for: terminal, indent: Self.indent)
        let margin = String(repeating: " ", count: Self.indent)
        let width = terminal.width - Self.indent
        lines += notes.flatMap { terminal.showable($0).wrapped(to: width) }.map { margin + terminal.styled($0, .faint) }
        if optimizers.count > 1 {
            lines.append("")
            lines += pairTable.lines(for: terminal, indent: Self.indent)
        }
        let chart = CurveChart(
            title: "mean loss",
            series: optimizers.map { .init(name: $0.name, values: $0.meanCurve, finalValue: $0.finalLoss.mean) })
        let chartLines = chart.lines(for: terminal, indent: Self.indent)
        if !chartLines.isEmpty {
            lines.append("")
            lines += chartLines
        }
        let conclusion = terminal.showable(verdict + ".").wrapped(to: width)
        lines += [""] + conclusion.map { margin + terminal.styled($0, .bold) }
        for grouping in groupings {
            lines += ["", margin + terminal.styled("Mean final loss by \(grouping.property.inWords)", .bold), ""]
            lines += lossTable(of: grouping).lines(for: terminal, indent: Self.indent)
        }
        return lines
    }

    static let indent = 2

    private var optimizerTable: FittedTable {
        var columns: [(head: TextTable.Column, cell: (OptimizerSummary) -> String)] = [
            (.init("optimizer", .left), { $0.name }),
            (.init("trials"), { String($0.trials) }),
        ]
        columns += [
            (.init("final loss"), { NumberText.significant($0.finalLoss.mean) }),
            (.init("95% interval"), { Self.text(of: $0.finalLoss.interval) }),
            (.init("median"), { NumberText.significant($0.finalLoss.median) }),
        ]
        if optimizers.contains(where: { $0.testLoss != nil }) {
            columns.append((.init("test loss"), { $0.testLoss.map { NumberText.significant($0.mean) } ?? "" }))
        }
        if optimizers.contains(where: { $0.accuracy != nil }) {
            columns.append((.init("accuracy"), { $0.accuracy.map { NumberText.percentage($0.mean) } ?? "" }))
        }
        return FittedTable(
            columns: columns.map(\.head), rows: optimizers.map { optimizer in columns.map { $0.cell(optimizer) } },
            importance: ["final loss", "optimizer", "95% interval", "accuracy", "test loss", "trials"])
    }

    /// What concerns some optimizers only, and would make the table too wide for a terminal.
    var notes: [String] {
        let diverged = optimizers.filter { $0.diverged > 0 }.map { "\($0.name) \($0.diverged) of \($0.trials)" }
        let tuned = optimizers.filter { !$0.tunedSettings.isEmpty }.map { optimizer in
            ([optimizer.name] + optimizer.tunedSettings.map { "\($0.name) \($0.value)" }).joined(separator: " ")
        }
        return [("Diverged trials", diverged), ("Tuned on other seeds", tuned)]
            .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))." }
    }

    /// The best optimizer against each other one.
    private var pairTable: FittedTable {
        let best = optimizers[0].name
        let rows = optimizers.dropFirst().compactMap { rival in
            pair(best, rival.name).map { pair in
                [
                    rival.name, String(pair.wins), String(pair.losses), String(pair.ties),
                    Self.text(ofPValue: pair.pValue), Self.text(ofPValue: pair.pValueHolm),
                ]
            }
        }
        return FittedTable(
            columns: [
                .init("\(best) against", .left), .init("wins"), .init("losses"), .init("ties"), .init("p"),
                .init("p corrected"),
            ],
            rows: rows, importance: ["p corrected", "\(best) against", "wins", "losses"])
    }

    static func text(of interval: BootstrapInterval?) -> String {
        interval.map { "[\(NumberText.significant($0.low)), \(NumberText.significant($0.high))]" } ?? ""
    }
}
