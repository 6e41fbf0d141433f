import Analysis
import Foundation

extension Comparison {
    /// The comparison for people: what was asked, on what data, and for each problem the optimizers, the best one
    /// against each other one, the mean curves and the verdict.
    public func text(for terminal: Terminal) -> String {
        var lines = heading(for: terminal)
        for problem in problems {
            lines.append("")
            lines += problem.lines(for: terminal)
        }
        if problems.isEmpty {
            lines += ["", "No evaluation trial has finished yet."]
        } else {
            lines.append("")
            lines += Self.methods.wrapped(to: terminal.width).map { terminal.styled($0, .faint) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func heading(for terminal: Terminal) -> [String] {
        var lines = [terminal.styled(version.map { "\(experiment)@\($0.prefix(8))" } ?? experiment, .bold)]
        lines += (question ?? "").withoutControls.wrapped(to: terminal.width)
        lines += data.flatMap { "Data: \($0)".withoutControls.wrapped(to: terminal.width) }
        lines += missing(unfinishedTrials, "have not finished", one: "has not finished")
        lines += missing(failedTrials, "failed", one: "failed")
        return lines
    }

    private func missing(_ count: Int, _ fate: String, one: String) -> [String] {
        switch count {
        case 0: []
        case 1: ["1 evaluation trial \(one); these figures are without it."]
        default: ["\(count) evaluation trials \(fate); these figures are without them."]
        }
    }

    private static let methods = """
        Brackets: 95% interval of the mean, \(BootstrapInterval.method) of \
        \(NumberText.grouped(Double(BootstrapInterval.resamples))) resamples. p: Wilcoxon's signed-rank test, \
        two-sided, trials paired by seed; corrected by Holm's method for all pairs of the problem.
        """
}

extension ProblemComparison {
    fileprivate func lines(for terminal: Terminal) -> [String] {
        var lines = [terminal.styled("Problem \(name.withoutControls)", .bold), ""]
        lines += optimizerTable.lines(for: terminal, indent: Self.indent)
        let margin = String(repeating: " ", count: Self.indent)
        let width = terminal.width - Self.indent
        lines += notes.flatMap { $0.withoutControls.wrapped(to: width) }.map { margin + terminal.styled($0, .faint) }
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
        let conclusion = (verdict.withoutControls + ".").wrapped(to: width)
        return lines + [""] + conclusion.map { margin + terminal.styled($0, .bold) }
    }

    private static let indent = 2

    private var optimizerTable: TextTable {
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
        return TextTable(
            columns: columns.map(\.head), rows: optimizers.map { optimizer in columns.map { $0.cell(optimizer) } })
    }

    /// What concerns some optimizers only, and would make the table too wide for a terminal.
    private var notes: [String] {
        let diverged = optimizers.filter { $0.diverged > 0 }.map { "\($0.name) \($0.diverged) of \($0.trials)" }
        let tuned = optimizers.filter { !$0.tunedSettings.isEmpty }.map { optimizer in
            ([optimizer.name] + optimizer.tunedSettings.map { "\($0.name) \($0.value)" }).joined(separator: " ")
        }
        return [("Diverged trials", diverged), ("Tuned on other seeds", tuned)]
            .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))." }
    }

    /// The best optimizer against each other one.
    private var pairTable: TextTable {
        let best = optimizers[0].name
        let rows = optimizers.dropFirst().compactMap { rival in
            pair(best, rival.name).map { pair in
                [
                    rival.name, String(pair.wins), String(pair.losses), String(pair.ties),
                    Self.text(ofPValue: pair.pValue), Self.text(ofPValue: pair.pValueHolm),
                ]
            }
        }
        return TextTable(
            columns: [
                .init("\(best) against", .left), .init("wins"), .init("losses"), .init("ties"), .init("p"),
                .init("p corrected"),
            ],
            rows: rows)
    }

    private static func text(of interval: BootstrapInterval?) -> String {
        interval.map { "[\(NumberText.significant($0.low)), \(NumberText.significant($0.high))]" } ?? ""
    }
}
