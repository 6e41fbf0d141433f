import Analysis

/// One optimizer against others: the rows of a table of tests.
struct Rivalry {
    /// The head of the first column: `adam against`, or `against adam`.
    let title: String
    let rows: [Row]

    /// A pair as it is seen from one of its two optimizers.
    struct Row {
        /// Who stands in the row.
        let name: String
        let pair: PairComparison
        /// Whether the figures are to be turned round.
        let isTurned: Bool

        var wins: String { pair.isPaired ? String(isTurned ? pair.losses : pair.wins) : "" }
        var losses: String { pair.isPaired ? String(isTurned ? pair.wins : pair.losses) : "" }
        var ties: String { pair.isPaired ? String(pair.ties) : "" }

        /// In how many replicates, of whichever of the two, it has the better mean.
        var replicates: String {
            guard let tally = pair.replicates else { return "" }
            let isItsOwn = tally.optimizer == (isTurned ? pair.b : pair.a)
            return "\(isItsOwn ? tally.won : tally.count - tally.won) of \(tally.count)"
        }

        func difference(_ metric: ComparisonMetric) -> String {
            guard pair.difference.count > 0 else { return "" }
            return metric.text(of: isTurned ? -pair.difference.mean : pair.difference.mean)
        }

        func interval(_ metric: ComparisonMetric) -> String {
            pair.difference.interval.map { interval in
                let (low, high) = isTurned ? (-interval.high, -interval.low) : (interval.low, interval.high)
                return "[\(metric.text(of: low)), \(metric.text(of: high))]"
            } ?? ""
        }

        var superiority: String {
            ProblemComparison.text(ofShare: isTurned ? pair.superiority.map { 1 - $0 } : pair.superiority)
        }

        var correlation: String {
            pair.rankBiserial.map { NumberText.fixed(isTurned ? 0 - $0 : $0, decimals: 2) } ?? "-"
        }
    }

    /// The table's columns, in the order in which they are read, without those that are empty in every row.
    func columns(_ metric: ComparisonMetric) -> [ReportColumn<Row>] {
        let columns: [ReportColumn<Row>] = [
            .init(title, .left) { $0.name },
            .init("replicates") { $0.replicates },
            .init("wins") { $0.wins },
            .init("losses") { $0.losses },
            .init("ties") { $0.ties },
            .init("difference") { $0.difference(metric) },
            .init("95% interval") { $0.interval(metric) },
            .init("better") { $0.superiority },
            .init("r") { $0.correlation },
            .init("p") { $0.pair.pValue.textOfPValue },
            .init("p corrected") { $0.pair.pValueHolm.textOfPValue },
        ]
        return columns.filter { column in rows.contains { !column.cell($0).isEmpty } }
    }

    func fitted(_ metric: ComparisonMetric) -> FittedTable {
        let columns = columns(metric)
        return FittedTable(
            columns: columns.map(\.head), rows: rows.map { row in columns.map { $0.cell(row) } },
            importance: ["p corrected", title, "replicates", "wins", "losses", "better", "difference", "p"])
    }
}

extension ProblemComparison {
    /// The best optimizer against each other one, or each other one against those that were named.
    var rivalries: [Rivalry] {
        guard !criteria.against.isEmpty else {
            guard let best = optimizers.first, optimizers.count > 1 else { return [] }
            let rows = optimizers.dropFirst().compactMap { rival in
                pair(best.name, rival.name).map { pair in
                    Rivalry.Row(name: rival.name, pair: pair, isTurned: pair.a != best.name)
                }
            }
            return [Rivalry(title: "\(best.name) against", rows: rows)]
        }
        return criteria.against.filter { name in pairs.contains { $0.a == name || $0.b == name } }.map { name in
            let rows = optimizers.filter { $0.name != name }.compactMap { optimizer in
                pair(optimizer.name, name).map { pair in
                    Rivalry.Row(name: optimizer.name, pair: pair, isTurned: pair.a != optimizer.name)
                }
            }
            return Rivalry(title: "against \(name)", rows: rows)
        }
    }

    /// Which trials are no pairs, and why.
    var pairingNotes: [String] {
        let reasons = rivalries.flatMap(\.rows).compactMap(\.pair.whyUnpaired)
        return reasons.reduce(into: [String]()) { reasons, reason in
            if !reasons.contains(reason) { reasons.append(reason) }
        }.map { "Tested as two samples: \($0)." }
    }
}
