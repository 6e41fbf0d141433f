import Analysis
import JournalStore
import Nouns
import Wording

extension ExperimentEntry {
    /// The entry for people, like a page of a notebook: question, what was run, what came out, notes, conclusion.
    public func text(for terminal: Terminal) -> String {
        var page = EntryPage(for: terminal)
        page.title(version.record.reference)
        if !tags.isEmpty { page.paragraph("Tags: \(tags.joined(separator: ", "))", .faint, indent: 0) }
        if let archivedAt {
            page.paragraph("Archived since \(LocalTime.text(archivedAt)).", .faint, indent: 0)
        }
        if let question {
            page.heading("Question")
            page.markdown(question, indent: EntryPage.indent)
        }
        page.heading("What was run")
        addRuns(to: &page)
        page.heading("What came out")
        addResults(to: &page)
        page.notes(notes, shownWith: version.record.hash)
        if let conclusion {
            page.heading("Conclusion")
            page.note(conclusion, shownWith: version.record.hash)
        }
        return page.text
    }

    private func addRuns(to page: inout EntryPage) {
        let rows = versions.map { version in
            [
                (versions.count == 1 ? "" : version.record.id == self.version.record.id ? "* " : "  ")
                    + version.record.hash.prefix(12),
                version.dates, String(version.count()), version.fates,
                version.programVersions.joined(separator: ", "),
            ]
        }
        page.add(
            FittedTable(
                columns: [
                    .init("version", .left, mayBeCut: false), .init("run", .left), .init("trials"),
                    .init("of them", .left), .init("by journal", .left),
                ],
                rows: rows, importance: ["version", "of them", "run", "trials"]
            ).lines(for: page.terminal, indent: EntryPage.indent))
        page.gap()
        let kinds = version.trials.map(\.kind).uniqued()
        if kinds.count > 1 || kinds.first != "evaluation" {
            let counts = kinds.map { kind in
                "\(kind) \(version.trials.filter { $0.kind == kind }.reduce(0) { $0 + $1.trials })"
            }
            page.paragraph("Trials: \(counts.joined(separator: ", ")).")
        }
        for use in datasets { page.paragraph("Data: \(use.inWords).") }
        for source in takenOver {
            page.paragraph(
                "\(counted(source.trials, "trial")) \(plural(source.trials, "has", "have")) results taken over from "
                    + "\(source.name)@\(source.hash.prefix(12)).")
        }
        for failure in failures.prefix(Self.mostFailures) {
            page.paragraph("Trial \(failure.trial) failed: \(failure.error)", .bold)
        }
        if failures.count > Self.mostFailures {
            page.paragraph("\(failures.count - Self.mostFailures) more failed.", .bold)
        }
        addDifferences(to: &page)
    }

    private static var mostFailures: Int { 3 }
    private static var mostLearned: Int { 5 }

    private func addDifferences(to page: inout EntryPage) {
        guard let before else { return }
        page.gap()
        guard !version.differences.isEmpty else {
            page.paragraph("Its spec differs in nothing that is told from that of \(before.reference).")
            return
        }
        page.paragraph("Since \(before.reference) the spec changed in:")
        page.list(
            version.differences.map { ($0.path.description, $0.change(on: page.terminal)) },
            indent: 2 * EntryPage.indent)
    }

    private func addResults(to page: inout EntryPage) {
        switch results {
        case .comparison(let comparison):
            for (index, problem) in comparison.problems.enumerated() {
                if index > 0 { page.gap() }
                if comparison.problems.count > 1 { page.paragraph("Problem \(problem.name)", .bold) }
                page.add(problem.resultLines(for: page.terminal))
            }
            if comparison.unfinishedTrials > 0 {
                page.gap()
                page.paragraph(
                    "\(counted(comparison.unfinishedTrials, "evaluation trial")) "
                        + "\(plural(comparison.unfinishedTrials, "has", "have")) not finished.")
            }
        case .named(let results): page.add(results.lines(for: page.terminal))
        case .incomparable(let reason): page.paragraph(reason)
        case .none: page.paragraph("No trial has been completed yet.")
        }
        if !learned.isEmpty { page.gap() }
        // Of a sweep's many, those that come to most.
        let ranked = learned.sorted {
            ($0.optimizer.evaluationLoss ?? .infinity) < ($1.optimizer.evaluationLoss ?? .infinity)
        }
        for (trial, optimizer) in ranked.prefix(Self.mostLearned) {
            let loss = optimizer.evaluationLoss.map { "evaluation loss \(NumberText.significant($0))" }
            let replicate = trial.replicate.map { ", replicate \($0)" } ?? ""
            page.paragraph(
                "Learned by trial \(trial.id)\(replicate): \(optimizer.kind), \(loss ?? "no evaluation loss").")
        }
        if learned.count > Self.mostLearned {
            let more = learned.count - Self.mostLearned
            page.paragraph("\(more) more \(plural(more, "was", "were")) learned, with higher losses.")
        }
    }
}

extension ExperimentEntry.Version {
    /// From the first trial's begin to the last one's end.
    fileprivate var dates: String {
        guard let startedAt else { return count(.completed) > 0 ? "taken over" : "not begun" }
        return count(.running) > 0
            ? "since \(LocalTime.text(startedAt))" : LocalTime.range(startedAt, finishedAt ?? startedAt)
    }

    /// How many trials came to what.
    fileprivate var fates: String {
        TrialStatus.allCases.filter { count($0) > 0 }.map { status in
            count(status) == count() ? "all \(status.rawValue)" : "\(count(status)) \(status.rawValue)"
        }.joined(separator: ", ")
    }
}

extension ProblemComparison {
    /// The optimizers in a table, and what follows.
    fileprivate func resultLines(for terminal: Terminal) -> [String] {
        var page = EntryPage(for: terminal)
        page.add(optimizerTable.lines(for: terminal, indent: EntryPage.indent))
        for note in notes { page.paragraph(note, .faint) }
        for warning in warnings { page.paragraph(warning, .bold) }
        page.gap()
        page.paragraph(verdict + ".", .bold)
        return page.lines
    }
}

extension [NamedResults] {
    /// The mean of each result over trials of one kind, problem and optimizer.
    fileprivate func lines(for terminal: Terminal) -> [String] {
        let rows = flatMap { results in
            results.values.map { metric, summary in
                [
                    results.kind.rawValue, results.problem, results.optimizer, String(results.trials), metric.rawValue,
                    NumberText.significant(summary.mean),
                    summary.interval.map { "[\(NumberText.significant($0.low)), \(NumberText.significant($0.high))]" }
                        ?? "",
                ]
            }
        }
        return FittedTable(
            columns: [
                .init("kind", .left), .init("problem", .left), .init("optimizer", .left), .init("trials"),
                .init("result", .left), .init("mean"), .init("95% interval"),
            ],
            rows: rows, importance: ["mean", "result", "optimizer", "problem", "95% interval", "trials", "kind"]
        ).lines(for: terminal, indent: EntryPage.indent)
    }
}
