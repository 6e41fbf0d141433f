import JournalStore
import Nouns
import Report
import Wording

/// One trial: its settings, its curves, what it came to, and what computed it.
struct TrialView {
    let request: PageRequest
    let trial: TrialRecord
    let experiment: ExperimentRecord

    /// - Throws: `JournalError` where there is no such trial.
    init(_ id: Int64, _ request: PageRequest) throws {
        self.request = request
        trial = try request.journal.trial(id)
        experiment = try request.journal.experiment(trial.experiment)
    }

    func page() throws -> Page {
        try Page(
            title: "Trial \(trial.id): \(trial.title)", address: request.address,
            trail: [(experiment.reference, experiment.address), ("trial \(trial.id)", trial.address)],
            content: [
                .element("h1", [], [.text(trial.title), .element("small", [], [.text("trial \(trial.id)")])]),
                .part(id: "status", [status()]),
                .part(id: "curves", [curves()]),
                .part(id: "trial-results", [results]),
                try NotesView(request, on: experiment, trial: trial).html,
                settings(),
                provenance(),
                neighbours(),
            ])
    }

    private func status() throws -> HTML {
        let kind = request.summary(trial.kind)?.title ?? trial.kind.rawValue
        let checkpoint = try request.journal.checkpoint(of: trial.id)
        let snapshots = try request.journal.snapshotSteps(of: trial.id)
        return .group([
            .paragraph(trial.status.badge, .text(" \(kind) of \(counted(trial.steps, "step"))")),
            trial.error.map { .element("p", [.class("warning")], [.text($0)]) } ?? .nothing,
            trial.note.map { HTML.note($0) } ?? .nothing,
            .facts(
                [
                    ("began", trial.startedAt.map { "\(TimeText.minute($0)) UTC" }),
                    ("ended", trial.finishedAt.map { "\(TimeText.minute($0)) UTC" }),
                    ("took", trial.results.map { NumberText.duration($0.seconds) }),
                    ("checkpoint", checkpoint.map { "at step \($0.step), \(TimeText.minute($0.createdAt)) UTC" }),
                    (
                        "kept parameters",
                        snapshots.isEmpty
                            ? nil
                            : "at \(counted(snapshots.count, "step")), \(snapshots[0]) to \(snapshots[snapshots.count - 1])"
                    ),
                    ("stands for", trial.standsFor > 1 ? "\(trial.standsFor) seeds: the seed changes nothing" : nil),
                ] as [(String, String?)]),
        ])
    }

    private func curves() throws -> HTML {
        var metrics = try request.journal.metrics(of: trial.id).filter { $0 != .errorHistogram }
        if let drawn = request.summary(trial.kind)?.curve, let index = metrics.firstIndex(of: drawn) {
            metrics.insert(metrics.remove(at: index), at: 0)
        }
        guard !metrics.isEmpty else {
            return .section("curves", "Curves", [.note("No curve has been recorded yet.")])
        }
        let reader = CurveReader(journal: request.journal, range: request.range)
        let ends = Dictionary(
            uniqueKeysWithValues: try request.journal.curveEnds(of: trial.id).map { ($0.metric, $0) })
        let figures = try metrics.compactMap { metric -> HTML? in
            // A metric of one point is a result.
            guard let points = try reader.points(of: trial.id, metric), points.count > 1 || trial.results == nil
            else { return nil }
            let words = TrialTable.words(metric)
            var layers = [Chart.Layer(trial.optimizer, .line(points, .plain))]
            if trial.results?.isDiverged == true, let last = points.last(where: \.y.isFinite) {
                layers.append(Chart.Layer(trial.optimizer, .points([last], .cross)))
            }
            return CurveFigure(
                panel: Chart.Panel(
                    title: words, horizontal: .steps, vertical: Chart.Axis(scale: request.scale), layers: layers),
                names: [trial.optimizer],
                caption: ends[metric].map {
                    "\(counted($0.points, "point")), the last \(NumberText.significant($0.last))."
                } ?? ""
            ).html
        }
        return .section(
            "curves", "Curves",
            [RangeForm(request: request, address: trial.address).html, .div("figures", .group(figures))])
    }

    private var results: HTML {
        guard let results = trial.results else { return .nothing }
        let names =
            TrialResults.columns.filter { results.values[$0] != nil }
            + results.values.keys.filter { !TrialResults.columns.contains($0) }.sorted { $0.rawValue < $1.rawValue }
        return .section(
            "outcome", "Results",
            [
                PageTable(
                    caption: "What the trial came to", columns: [.init("result"), .init("value", isNumeric: true)],
                    rows: names.map { name in
                        PageTable.Row(cells: [
                            .text(TrialTable.words(name)), .text(TrialTable.text(name, of: trial)),
                        ])
                    }
                ).html
            ])
    }

    private func settings() throws -> HTML {
        .section(
            "settings", "Settings",
            [
                .div(
                    "columns",
                    SettingsTable(caption: "Of the optimizer \(trial.optimizer)", [trial.optimizerSettings]).html,
                    SettingsTable(caption: "Of the problem \(trial.problem)", [trial.problemSettings]).html)
            ])
    }

    private func provenance() throws -> HTML {
        let run = try request.journal.run(of: trial.id)
        return .section(
            "provenance", "Provenance",
            [
                .facts(
                    [
                        ("experiment", .link(experiment.reference, experiment.address)),
                        ("identity", .code(trial.identity)),
                        ("replicate", trial.replicate.map { .text(String($0)) }),
                        ("seed", .text(String(trial.seed))), ("precision", .text(trial.precision)),
                        ("architecture", trial.architecture.map { .code($0) }),
                        ("data", trial.dataset.map { .text($0.inWords) }),
                        ("checksum of the data", trial.dataset.map { .code($0.checksum) }),
                        ("kernels", trial.kernelTable.map { .text($0) }),
                        (
                            "computed by",
                            run.map { .text($0.inWords) }
                        ),
                        (
                            "taken over from",
                            trial.takenFrom.map { .link("trial \($0)", Address(["trials", String($0)])) }
                        ),
                    ] as [(String, HTML?)])
            ])
    }

    /// The other optimizers on the same seed.
    private func neighbours() throws -> HTML {
        var listing = TrialListing(experiment: experiment.id, limit: 50)
        listing.kind = trial.kind
        listing.problem = trial.problem
        listing.seed = trial.seed
        let others = try request.journal.trials(listing).trials.filter { $0.id != trial.id }
        guard !others.isEmpty else { return .nothing }
        let all = Address(["compare"], ([trial] + others).prefix(20).map { ("trial", String($0.id)) })
        return .section(
            "neighbours", "The same seed with other optimizers",
            [
                .element(
                    "ul", [],
                    others.map { other in
                        .element(
                            "li", [],
                            [
                                .link(other.optimizer, other.address), " ", other.status.badge,
                                .text(" \(TrialTable.text(.finalLoss, of: other))"),
                            ])
                    }),
                .served([.paragraph(.link("Compare them", all))]),
            ])
    }
}

/// Settings by their paths, of one or several; of several, those alone that differ.
struct SettingsTable {
    let caption: String
    private let rows: [(path: String, values: [String])]
    private let heads: [String]

    init(caption: String, _ settings: [String], heads: [String] = ["value"]) {
        self.caption = caption
        self.heads = heads
        let flat = settings.map { JSONValue(parsing: $0).map { Self.leaves(of: $0, at: "") } ?? [:] }
        let paths = Set(flat.flatMap(\.keys)).sorted()
        rows = paths.map { path in (path, flat.map { $0[path] ?? "" }) }
            .filter { _, values in values.count == 1 || Set(values).count > 1 }
    }

    var html: HTML {
        guard !rows.isEmpty else { return .note("\(caption): \(heads.count > 1 ? "all alike" : "none")") }
        return PageTable(
            caption: caption, columns: [.init("setting")] + heads.map { .init($0, isNumeric: true) },
            rows: rows.map { row in PageTable.Row(cells: [.code(row.path)] + row.values.map(HTML.text)) }
        ).html
    }

    private static func leaves(of value: JSONValue, at path: String) -> [String: String] {
        guard let members = value.object, !members.isEmpty else {
            return [path.isEmpty ? "value" : path: value.string ?? value.canonicalText]
        }
        return members.reduce(into: [:]) { all, member in
            all.merge(leaves(of: member.value, at: path.isEmpty ? member.key : "\(path).\(member.key)")) { $1 }
        }
    }
}
