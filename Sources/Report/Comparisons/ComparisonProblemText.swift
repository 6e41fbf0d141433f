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
        for table in rivalries {
            lines.append("")
            lines += table.fitted(criteria.metric).lines(for: terminal, indent: Self.indent)
        }
        lines += pairingNotes.flatMap { terminal.showable($0).wrapped(to: width) }
            .map { margin + terminal.styled($0, .faint) }
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
        if let target {
            lines += ["", margin + terminal.styled(terminal.showable(target.title), .bold), ""]
            lines += target.table.fitted.lines(for: terminal, indent: Self.indent)
        }
        for grouping in groupings {
            let title = "Mean \(criteria.metric.inWords) by \(grouping.property.inWords)"
            lines += ["", margin + terminal.styled(title, .bold), ""]
            lines += meanTable(of: grouping).lines(for: terminal, indent: Self.indent)
        }
        return lines
    }

    static let indent = 2

    /// The optimizers with what they came to, the best first.
    var optimizerColumns: [ReportColumn<OptimizerSummary>] {
        let metric = criteria.metric
        var columns: [ReportColumn<OptimizerSummary>] = [
            .init("optimizer", .left) { $0.name },
            .init("trials") { String($0.trials) },
            .init(metric.inWords) { metric.text(of: \.mean, in: $0.compared) },
            .init("95% interval") { metric.text(of: $0.compared.interval) },
            .init("median") { metric.text(of: \.median, in: $0.compared) },
        ]
        for (index, title) in replicateTitles.enumerated() {
            columns.append(.init(title) { [self] in replicateCells(of: $0)[index] })
        }
        for other in [ComparisonMetric.finalLoss, .testLoss, .accuracy] where other != metric {
            if optimizers.contains(where: { $0.summary(of: other) != nil }) {
                columns.append(.init(other.inWords) { $0.summary(of: other).map { other.text(of: $0.mean) } ?? "" })
            }
        }
        return columns
    }

    /// What is told of optimizers beside the rest where one of them has several replicates.
    public var replicateTitles: [String] {
        optimizers.contains(where: \.isReplicated) ? ["replicates", "worst", "IQM"] : []
    }

    /// The same of one of them; the titles' order.
    public func replicateCells(of optimizer: OptimizerSummary) -> [String] {
        guard !replicateTitles.isEmpty else { return [] }
        let (metric, compared) = (criteria.metric, optimizer.compared)
        return [
            optimizer.isReplicated ? String(optimizer.replicates.count) : "",
            optimizer.worstReplicate.map { metric.text(of: $0) } ?? "",
            compared.count > 0 ? metric.text(of: compared.interquartileMean) : "",
        ]
    }

    /// What each optimizer came to.
    var optimizerTable: FittedTable {
        let columns = optimizerColumns
        return FittedTable(
            columns: columns.map(\.head), rows: optimizers.map { optimizer in columns.map { $0.cell(optimizer) } },
            importance: [
                criteria.metric.inWords, "optimizer", "95% interval", "replicates", "worst", "IQM", "final loss",
                "accuracy", "test loss", "trials",
            ])
    }
}

/// A column of a table, and what stands in it.
struct ReportColumn<Row> {
    let head: TextTable.Column
    let cell: (Row) -> String

    init(_ title: String, _ alignment: TextAlignment = .right, cell: @escaping (Row) -> String) {
        head = TextTable.Column(title, alignment)
        self.cell = cell
    }
}
