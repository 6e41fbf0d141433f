import Analysis

extension ProblemComparison {
    /// The groups of students by one property: first the mean losses of all at a glance, then each group by itself.
    func lines(for terminal: Terminal, by property: ArchitectureProperty) -> [String] {
        let title = "Problem \(name) by \(property.inWords)"
        let margin = String(repeating: " ", count: Self.indent)
        let width = terminal.width - Self.indent
        guard let grouping = grouping(by: property) else {
            let reason = terminal.showable("No groups: \(reasonForNoGroups(by: property)).")
            return terminal.title(title) + [""] + reason.wrapped(to: width).map { margin + $0 }
        }
        var lines = terminal.title("\(title): mean \(criteria.metric.inWords)") + [""]
        lines += meanTable(of: grouping).lines(for: terminal, indent: Self.indent)
        for group in grouping.groups { lines += group.comparison.groupLines(called: group.title, for: terminal) }
        return lines
    }

    /// The mean of each optimizer in each group, and over all, with a mark at the best.
    func meanTable(of grouping: ArchitectureGrouping) -> WrappedTable {
        let names = optimizers.map(\.name)
        let rows = grouping.groups.map { group in
            [group.label, String(group.students.count)] + group.comparison.markedMeans(of: names)
        }
        let titles = [.init(grouping.property.rawValue), .init("students")] + names.map { TextTable.Column($0) }
        return WrappedTable(
            columns: titles, rows: rows + [["all", String(students.count)] + markedMeans(of: names)], repeated: 2)
    }

    /// The lines of a group by itself.
    func groupLines(called title: String, for terminal: Terminal) -> [String] {
        let margin = String(repeating: " ", count: Self.indent)
        let width = terminal.width - Self.indent
        var lines = [""] + terminal.title(title) + [""]
        lines += rivalTable.lines(for: terminal, indent: Self.indent)
        lines += (notes + pairingNotes).flatMap { terminal.showable($0).wrapped(to: width) }
            .map { margin + terminal.styled($0, .faint) }
        if let target {
            lines += ["", margin + terminal.styled(terminal.showable(target.title), .bold), ""]
            lines += target.table.fitted.lines(for: terminal, indent: Self.indent)
        }
        let conclusion = terminal.showable(verdict + ".").wrapped(to: width)
        return lines + [""] + conclusion.map { margin + terminal.styled($0, .bold) }
    }

    /// The means of these optimizers, with a mark at the best.
    func markedMeans(of names: [String]) -> [String] {
        let means = names.map { name in optimizers.first { $0.name == name }?.compared.mean }
        let finite = means.compactMap(\.self).filter(\.isFinite)
        let best = criteria.metric.higherIsBetter ? finite.max() : finite.min()
        return means.map { mean in
            guard let mean, !mean.isNaN else { return "" }
            let mark = mean == best && optimizers.count > 1 ? "*" : " "
            return criteria.metric.text(of: mean, digits: 3) + mark
        }
    }

    /// The optimizers and, in the same rows, how the best one fares against them: groups are many, and room is scarce.
    private var rivalTable: FittedTable {
        let metric = criteria.metric
        let rows = optimizers.map { optimizer in
            let pair = optimizer.name == optimizers[0].name ? nil : pair(optimizers[0].name, optimizer.name)
            return [
                optimizer.name, String(optimizer.trials), metric.text(of: \.mean, in: optimizer.compared),
                metric.text(of: optimizer.compared.interval), metric.text(of: \.median, in: optimizer.compared),
                pair.map { $0.isPaired ? "\($0.wins) of \($0.seeds)" : "" } ?? "",
                pair.map(\.pValueHolm.textOfPValue) ?? "",
            ]
        }
        return FittedTable(
            columns: [
                .init("optimizer", .left), .init("trials"), .init(metric.inWords), .init("95% interval"),
                .init("median"), .init("loses"), .init("p corrected"),
            ],
            rows: rows, importance: [metric.inWords, "optimizer", "p corrected", "95% interval", "loses"])
    }
}
