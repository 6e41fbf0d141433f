import Analysis
import Foundation
import JournalStore
import Nouns
import Wording

extension TrialEntry {
    /// The entry for people: how it went, what it came to, its settings, curves and notes.
    public func text(for terminal: Terminal) -> String {
        var page = EntryPage(for: terminal)
        page.title("Trial \(trial.id): \(trial.kind) of \(trial.optimizerName) on \(trial.problem), seed \(trial.seed)")
        page.paragraph("of \(experiment.reference)", .faint, indent: 0)
        page.heading("How it went")
        for sentence in sentences { page.paragraph(sentence) }
        if let error = trial.error { page.paragraph(error, .bold) }
        if let results = trial.results {
            page.heading("What came out")
            let ordered = results.values.sorted { Self.rank($0.key) < Self.rank($1.key) }
            page.list(ordered.map { ($0.key.rawValue, NumberText.significant($0.value, digits: 6)) })
            if results.isDiverged { page.paragraph("It diverged.", .bold) }
        }
        if let learned {
            let loss = learned.evaluationLoss.map { ", evaluation loss \(NumberText.significant($0))" } ?? ""
            let weights = learned.weights.reduce(0) { $0 + $1.shape.reduce(1, *) }
            page.paragraph(
                "Learned: \(learned.kind), \(counted(learned.weights.count, "tensor")) of "
                    + "\(NumberText.grouped(Double(weights))) numbers\(loss).")
        }
        addCurves(to: &page)
        page.heading("Settings")
        page.list(
            Self.settings("optimizer", trial.optimizerSettings) + Self.settings("problem", trial.problemSettings)
                + (trial.architecture.map { Self.settings("architecture", $0) } ?? []))
        page.notes(notes, shownWith: experiment.hash, trial.id)
        return page.text
    }

    private var sentences: [String] {
        var first = trial.status.rawValue
        switch trial.status {
        case .completed, .failed, .interrupted:
            if let start = trial.startedAt { first += ", \(LocalTime.range(start, trial.finishedAt ?? start))" }
        case .running: if let start = trial.startedAt { first += " since \(LocalTime.text(start))" }
        case .queued: break
        }
        if let results = trial.results, results.seconds.isFinite {
            first +=
                results.seconds < 10
                ? ", \(NumberText.significant(results.seconds, digits: 2)) s"
                : ", \(NumberText.duration(results.seconds))"
        }
        var sentences = [
            "\(first.prefix(1).uppercased())\(first.dropFirst()); \(counted(trial.steps, "step")), "
                + "\(trial.precision) precision."
        ]
        let origin = [programVersion.map { "journal \($0)" }, trial.kernelTable.map { "kernel table \($0)" }]
            .compactMap(\.self)
        if !origin.isEmpty { sentences.append("Computed by \(origin.joined(separator: ", ")).") }
        if let dataset = trial.dataset {
            sentences.append("Data: \(dataset.inWords), checksum \(dataset.checksum.prefix(12)).")
        }
        if let source {
            sentences.append(
                "Its results are taken over from trial \(source.trial.id) of \(source.experiment.reference).")
        }
        if trial.standsFor > 1 {
            sentences.append("It stands for \(trial.standsFor) seeds, since the seed changes nothing here.")
        }
        if let checkpoint { sentences.append("It can go on from a checkpoint after step \(checkpoint).") }
        if let first = snapshots.first, let last = snapshots.last {
            let steps = first == last ? "at step \(first)" : "from step \(first) to \(last)"
            sentences.append("\(counted(snapshots.count, "snapshot")) of its tensors, \(steps).")
        }
        if let note = trial.note { sentences.append(note) }
        return sentences
    }

    /// The results that all optimizations have come first, the others by their names.
    private static func rank(_ metric: Metric) -> (Int, String) {
        (TrialResults.columns.firstIndex(of: metric) ?? TrialResults.columns.count, metric.rawValue)
    }

    private static var mostCharts: Int { 3 }

    private func addCurves(to page: inout EntryPage) {
        let drawn = curves.filter { $0.metric != .errorHistogram && $0.values.count > 1 }.prefix(Self.mostCharts)
        if !curves.isEmpty { page.heading(plural(curves.count, "Curve")) }
        for (index, curve) in drawn.enumerated() {
            if index > 0 { page.gap() }
            let chart = CurveChart(
                title: curve.metric.rawValue,
                series: [
                    .init(
                        name: kind?.curve == curve.metric ? trial.optimizer : curve.metric.rawValue,
                        values: curve.values, finalValue: curve.values.last)
                ],
                rows: 10, steps: curve.span)
            page.add(chart.lines(for: page.terminal, indent: EntryPage.indent))
        }
        let others = curves.filter { curve in !drawn.contains { $0.metric == curve.metric } }
        guard !others.isEmpty else { return }
        if !drawn.isEmpty { page.gap() }
        let list = others.map { "\($0.metric) (\(counted($0.values.count, "point")))" }.joined(separator: ", ")
        page.paragraph("\(drawn.isEmpty ? "It has" : "It also has") \(list).")
    }

    /// The leaves of a JSON text, under their paths.
    private static func settings(_ name: String, _ json: String) -> [(name: String, value: String)] {
        guard let value = JSONValue(parsing: json) else { return [(name, json)] }
        func leaves(_ value: JSONValue, _ path: JSONPath) -> [(String, String)] {
            guard let members = value.object, !members.isEmpty else { return [(path.description, value.canonicalText)] }
            return members.keys.sorted().flatMap { key in
                members[key].map { leaves($0, path.appending(key)) } ?? []
            }
        }
        return leaves(value, JSONPath.root.appending(name))
    }
}

extension TrialEntry.Curve {
    /// The first and the last step.
    fileprivate var span: ClosedRange<Int>? {
        guard let first = steps.first, let last = steps.last, first < last else { return nil }
        return first...last
    }
}
