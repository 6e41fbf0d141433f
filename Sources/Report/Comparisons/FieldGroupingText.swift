import Analysis
import Nouns
import Wording

extension FieldGrouping {
    /// The groups: first the means of all at a glance, then each group by itself.
    func lines(for terminal: Terminal, criteria: ComparisonCriteria) -> [String] {
        parts.flatMap { part -> [String] in
            let place = part.problem.map { "Problem \($0) by" } ?? "By"
            var lines = [""] + terminal.title("\(place) \(field): mean \(criteria.metric.inWords)") + [""]
            lines += meanTable(of: part).lines(for: terminal, indent: ProblemComparison.indent)
            for group in part.groups {
                lines += group.comparison.groupLines(called: title(of: group, in: part), for: terminal)
            }
            return lines
        }
    }

    /// What is in a group: `batchSize 64: 8 seeds of classification`.
    func title(of group: FieldGroup, in part: Part) -> String {
        let what = "\(field) \(group.content.label)"
        guard part.problem == nil else { return "\(what): \(counted(group.seeds, "seed"))" }
        return "\(what): \(counted(group.seeds, "seed")) of \(group.problems.joined(by: "and"))"
    }

    /// The mean of each optimizer in each group, with a mark at the best.
    func meanTable(of part: Part) -> WrappedTable {
        let names = Self.names(in: part)
        return WrappedTable(
            columns: [.init(field, .left), .init("seeds")] + names.map { TextTable.Column($0) },
            rows: part.groups.map { group in
                [group.content.label, String(group.seeds)] + group.comparison.markedMeans(of: names)
            }, repeated: 2)
    }

    private static func names(in part: Part) -> [String] {
        part.groups.flatMap(\.comparison.optimizers).map(\.name).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }
}

extension FieldGrouping {
    var json: OrderedJSON {
        .members([
            "field": .string(field),
            "parts": .array(
                parts.map { part in
                    .members([
                        "problem": part.problem.map(OrderedJSON.string) ?? .null,
                        "groups": .array(part.groups.map(\.json)),
                    ])
                }),
        ])
    }
}

extension FieldGroup {
    fileprivate var json: OrderedJSON {
        .object(
            [("label", .string(content.label))] + bounds + [
                ("problems", .array(problems.map(OrderedJSON.string))), ("seeds", .integer(Int64(seeds))),
            ] + comparison.groupMembers)
    }

    private var bounds: [(key: String, value: OrderedJSON)] {
        switch content {
        case .value(let value): [("value", value.double.map(OrderedJSON.number) ?? .string(content.label))]
        case .range(let range): [("from", .number(range.lowerBound)), ("below", .number(range.upperBound))]
        case .none: [("value", .null)]
        }
    }
}
