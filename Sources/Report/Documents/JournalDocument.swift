import Analysis
import JournalStore
import Nouns
import Wording

extension Document {
    /// A journal, or a part of it, to be read by itself: a chapter for each experiment.
    ///
    /// - Parameters:
    ///   - references: `NAME` or `NAME@HASH` of each; empty for the newest versions of all that are not archived.
    ///   - kinds: how the results of each kind of trials are told.
    ///   - places: where code in the document looks for the journal's file, in this order.
    /// - Throws: ``JournalError`` where there is no such experiment, or none at all.
    public init(
        _ references: [String], in journal: Journal, kinds: [TrialKindSummary], journalAt places: [String]
    ) throws {
        let versions = try references.isEmpty ? Self.current(of: journal) : references.map(journal.experiment(named:))
        guard !versions.isEmpty else {
            throw JournalError(.missing, "the journal has no experiment that is not archived; name those to write down")
        }
        let title = versions.count == 1 ? versions[0].name : "Research journal"
        self.init(title: title, blocks: versions.count == 1 ? [] : [.heading(1, title)])
        let level = versions.count == 1 ? 1 : 2
        for (index, version) in versions.enumerated() {
            let entry = try ExperimentEntry(version, in: journal, kinds: kinds)
            let chart = try Self.curves(of: version, in: journal, kinds)
            let python = PythonCells(version, chart: chart?.metric)
            blocks += entry.beginning(level)
            if index == 0 { blocks.append(.python(PythonCells.opening(places), does: "This journal in Python")) }
            blocks += entry.findings(level + 1)
            if let chart { blocks.append(.chart(chart.chart)) }
            blocks.append(.python(python.trials, does: "These trials in Python"))
            if let curves = python.curves { blocks.append(.python(curves, does: "These curves in Python")) }
            blocks += entry.thoughts(level + 1)
        }
    }

    private static func current(of journal: Journal) throws -> [ExperimentRecord] {
        let archived = Set(try journal.archivedExperiments().keys)
        var newest: [ExperimentRecord] = []
        for version in try journal.experiments() where !archived.contains(version.name) {
            newest.removeAll { $0.name == version.name }
            newest.append(version)
        }
        return newest
    }

    /// The curve that tells most of it; nil where it has none yet.
    private static func curves(
        of version: ExperimentRecord, in journal: Journal, _ kinds: [TrialKindSummary]
    ) throws -> (chart: Chart, metric: Metric)? {
        guard let plot = try? ExperimentPlot("\(version.name)@\(version.hash)", in: journal, kinds: kinds) else {
            return nil
        }
        let told = kinds.filter(\.isCompared).map(\.curve)
        guard let metric = told.first(where: plot.metrics.contains) ?? plot.metrics.first else { return nil }
        var options = PlotOptions()
        options.metrics = [metric]
        return (try plot.chart(.curves, options), metric)
    }
}

extension ExperimentEntry {
    /// What was asked, and by which spec.
    fileprivate func beginning(_ level: Int) -> [Document.Block] {
        var blocks: [Document.Block] = [.heading(level, name)]
        if let question { blocks.append(.prose(question)) }
        let trials = counted(version.count(), "trial")
        var facts = ["Version \(version.record.hash.prefix(12)), \(trials), \(version.count(.completed)) completed."]
        if let first = version.startedAt { facts.append("Run from \(LocalTime.text(first)).") }
        if !tags.isEmpty { facts.append("Tags: \(tags.joined(separator: ", ")).") }
        blocks.append(.paragraph(facts.joined(separator: " ")))
        blocks += datasets.map { .paragraph("Data: \($0.inWords).") }
        if let before, !version.differences.isEmpty {
            let changes = version.differences.map { "- `\($0)`" }.joined(separator: "\n")
            blocks.append(.prose("Since \(before.reference) the spec changed in (before in brackets):\n\n\(changes)"))
        }
        blocks.append(.listing(version.record.spec, language: "json"))
        return blocks
    }

    /// What came out.
    fileprivate func findings(_ level: Int) -> [Document.Block] {
        var blocks: [Document.Block] = [.heading(level, "What came out")]
        switch results {
        case .comparison(let comparison):
            blocks += comparison.tables().map { .table($0) }
            blocks += comparison.problems.map { problem in
                .paragraph((comparison.problems.count > 1 ? "\(problem.name): " : "") + problem.verdict + ".")
            }
        case .named(let results): blocks += results.map { .table($0.table) }
        case .incomparable(let reason): blocks.append(.paragraph(reason))
        case .none: blocks.append(.paragraph("No trial has been completed yet."))
        }
        if !failures.isEmpty { blocks.append(.paragraph("\(counted(failures.count, "trial")) failed.")) }
        return blocks
    }

    /// What was noted, and what follows.
    fileprivate func thoughts(_ level: Int) -> [Document.Block] {
        var blocks: [Document.Block] = notes.isEmpty ? [] : [.heading(level, "Notes")]
        blocks += notes.flatMap(Self.blocks)
        if let conclusion { blocks += [.heading(level, "Conclusion")] + Self.blocks(of: conclusion) }
        return blocks
    }

    private static func blocks(of note: EntryNote) -> [Document.Block] {
        let place = note.trial.map { ", on trial \($0)" } ?? ""
        return [.paragraph("\(LocalTime.text(note.record.createdAt))\(place):"), .prose(note.record.text)]
    }
}

extension NamedResults {
    /// The means over the trials of one kind, problem and optimizer.
    fileprivate var table: ReportTable {
        ReportTable(
            caption: "\(kind.rawValue) of \(optimizer) on \(problem), \(counted(trials, "trial")).",
            columns: [("result", true), ("mean", false), ("95% interval", false)],
            rows: values.map { metric, summary in
                let interval = summary.interval.map {
                    "[\(NumberText.significant($0.low)), \(NumberText.significant($0.high))]"
                }
                return [metric.rawValue, NumberText.significant(summary.mean), interval ?? ""].map {
                    ReportTable.Cell($0)
                }
            })
    }
}
