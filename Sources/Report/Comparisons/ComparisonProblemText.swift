import Analysis

extension ProblemComparison {
    func lines(for terminal: Terminal) -> [String] {
        var lines = terminal.title("Problem \(name)") + [""]
        lines += optimizerTable.lines(for: terminal, indent: Self.indent)
        let margin = String(repeating: " ", count: Self.indent)
        let width = terminal.width - Self.indent
        lines += notes.flatMap { terminal.showable($0).wrapped(to: width) }.map { margin + terminal.styled($0, .faint) }
        lines += warnings.flatMap { terminal.showable($0).wrapped(to: width) }
            .map { margin + terminal.styled($0, .bold) }
        for table in pairTables {
            lines.append("")
            lines += table.lines(for: terminal, indent: Self.indent)
        }
        let chart = CurveChart(
            title: "mean loss",
            series: optimizers.map {
                .init(name: $0.name, values: $0.meanCurve, finalValue: $0.summary(of: .finalLoss)?.mean)
            })
        let chartLines = chart.lines(for: terminal, indent: Self.indent)
        if !chartLines.isEmpty {
            lines.append("")
            lines += chartLines
        }
        let conclusion = terminal.showable(verdict + ".").wrapped(to: width)
        lines += [""] + conclusion.map { margin + terminal.styled($0, .bold) }
        for grouping in groupings {
            let title = "Mean \(criteria.metric.inWords) by \(grouping.property.inWords)"
            lines += ["", margin + terminal.styled(title, .bold), ""]
            lines += meanTable(of: grouping).lines(for: terminal, indent: Self.indent)
        }
        return lines
    }

    static let indent = 2

    /// What each optimizer came to.
    var optimizerTable: FittedTable {
        let metric = criteria.metric
        var columns: [(head: TextTable.Column, cell: (OptimizerSummary) -> String)] = [
            (.init("optimizer", .left), { $0.name }),
            (.init("trials"), { String($0.trials) }),
            (.init(metric.inWords), { metric.text(of: \.mean, in: $0.compared) }),
            (.init("95% interval"), { metric.text(of: $0.compared.interval) }),
            (.init("median"), { metric.text(of: \.median, in: $0.compared) }),
        ]
        for other in [ComparisonMetric.finalLoss, .testLoss, .accuracy] where other != metric {
            if optimizers.contains(where: { $0.summary(of: other) != nil }) {
                columns.append((.init(other.inWords), { $0.summary(of: other).map { other.text(of: $0.mean) } ?? "" }))
            }
        }
        return FittedTable(
            columns: columns.map(\.head), rows: optimizers.map { optimizer in columns.map { $0.cell(optimizer) } },
            importance: [
                metric.inWords, "optimizer", "95% interval", "final loss", "accuracy", "test loss", "trials",
            ])
    }

    /// The best optimizer against each other one, or each other one against those that were named.
    private var pairTables: [FittedTable] {
        guard !criteria.against.isEmpty else { return optimizers.count > 1 ? [pairTable(ofBest: optimizers[0])] : [] }
        return criteria.against.filter { name in pairs.contains { $0.a == name || $0.b == name } }.map { name in
            Self.table(
                "against \(name)",
                optimizers.filter { $0.name != name }.compactMap { optimizer in
                    pair(optimizer.name, name).map { pair in
                        let isFirst = pair.a == optimizer.name
                        let (wins, losses) = isFirst ? (pair.wins, pair.losses) : (pair.losses, pair.wins)
                        return (optimizer.name, wins, losses, pair)
                    }
                })
        }
    }

    private func pairTable(ofBest best: OptimizerSummary) -> FittedTable {
        Self.table(
            "\(best.name) against",
            optimizers.dropFirst().compactMap { rival in
                pair(best.name, rival.name).map { (rival.name, $0.wins, $0.losses, $0) }
            })
    }

    private static func table(
        _ title: String, _ rows: [(name: String, wins: Int, losses: Int, pair: PairComparison)]
    ) -> FittedTable {
        FittedTable(
            columns: [
                .init(title, .left), .init("wins"), .init("losses"), .init("ties"), .init("p"), .init("p corrected"),
            ],
            rows: rows.map { row in
                [
                    row.name, String(row.wins), String(row.losses), String(row.pair.ties),
                    row.pair.pValue.textOfPValue, row.pair.pValueHolm.textOfPValue,
                ]
            },
            importance: ["p corrected", title, "wins", "losses"])
    }
}
