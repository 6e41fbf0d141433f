import Analysis
import Wording

extension Comparison {
    /// The comparison as tables for a document: for each problem the optimizers and how they fare against each other,
    /// and how soon they reach the target; of a comparison by a field, the same of each group. Each caption says what
    /// the figures are.
    ///
    /// - Parameter property: To have the same of each group of students; nil for the whole.
    public func tables(by property: ArchitectureProperty? = nil) -> [ReportTable] {
        let methods = methods(grouped: byField != nil || property != nil).filter { !$0.hasPrefix("*") }
        let what = experiments.isEmpty ? version.map { "\(experiment)@\($0.prefix(8))" } ?? experiment : experiment
        let notes = [provenance.sentences.joined(separator: ". ")].filter { !$0.isEmpty }
        func caption(_ place: String) -> String { ([place] + notes).map { $0.endingInFullStop }.joined(separator: " ") }
        return sections(by: property).flatMap { section in
            section.comparison.tables(called: caption("\(what), \(section.title)"), methods: methods)
        }
    }

    /// The comparison in Markdown (GitHub's), with the verdict below each problem's tables.
    ///
    /// - Parameter property: As for ``tables(by:)``.
    public func markdown(by property: ArchitectureProperty? = nil) -> String {
        var lines = ["# \(ReportTable.inMarkdown(experiment))", ""]
        lines += ([question].compactMap(\.self) + experiments.map { "\($0.label): \($0.question ?? "")" })
            .flatMap { [ReportTable.inMarkdown($0), ""] }
        let tables = tables(by: property)
        guard !tables.isEmpty else {
            return (lines + ["No evaluation trial has finished yet.", ""]).joined(separator: "\n")
        }
        lines += tables.map { $0.markdown() }
        let verdicts = sections(by: property).map { "\($0.title): \($0.comparison.verdict)." }
        lines += verdicts.map { "- " + ReportTable.inMarkdown($0) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The tables in LaTeX, for documents that use the package `booktabs`.
    ///
    /// - Parameter property: As for ``tables(by:)``.
    public func latex(by property: ArchitectureProperty? = nil) -> String {
        let tables = tables(by: property)
        guard !tables.isEmpty else { return "% No evaluation trial has finished yet.\n" }
        let name = experiment.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let verdicts = sections(by: property).map { "% \($0.title): \($0.comparison.verdict)." }
        return "% Needs \\usepackage{booktabs}.\n"
            + tables.enumerated().map { $1.latex(label: "tab:\(String(name))-\($0 + 1)") }.joined(separator: "\n")
            + "\n" + verdicts.map { $0.replacing("\n", with: " ") + "\n" }.joined()
    }

    /// What is told by itself: problems, or groups of their trials.
    private func sections(by property: ArchitectureProperty?) -> [(title: String, comparison: ProblemComparison)] {
        if let byField {
            return byField.parts.flatMap { part in
                part.groups.map { group in
                    let title = byField.title(of: group, in: part)
                    return (part.problem.map { "problem \($0), \(title)" } ?? title, group.comparison)
                }
            }
        }
        guard let property else { return problems.map { ("problem \($0.name)", $0) } }
        return problems.flatMap { problem in
            (problem.grouping(by: property)?.groups ?? []).map { group in
                ("problem \(problem.name), \(group.title)", group.comparison)
            }
        }
    }
}

extension ProblemComparison {
    /// The tables of one problem.
    func tables(called place: String, methods: [String]) -> [ReportTable] {
        let notes = (notes + warnings + pairingNotes).joined(separator: " ")
        let first = [place, notes, methods.first ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        var tables = [
            ReportTable(
                caption: first, optimizerColumns, optimizers,
                best: optimizers.count > 1 ? ["optimizer", criteria.metric.inWords] : [])
        ]
        tables += rivalries.filter { !$0.rows.isEmpty }.map { rivalry in
            ReportTable(
                caption: "\(place) Pairs of optimizers by \(criteria.metric.inWords).",
                rivalry.columns(criteria.metric), rivalry.rows)
        }
        if let target {
            tables.append(
                ReportTable(
                    caption: "\(place) \(target.title). \(TargetTable.legend)", target.table.columns, target.optimizers,
                    best: target.optimizers.count > 1 ? ["optimizer", "median step"] : []))
        }
        return tables
    }
}

extension String {
    fileprivate var endingInFullStop: String { hasSuffix(".") || hasSuffix("?") ? self : self + "." }
}
