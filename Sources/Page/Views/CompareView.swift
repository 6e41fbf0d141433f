import Analysis
import JournalStore
import Nouns
import Report
import Wording

/// What was ticked, side by side: trials, or optimizers of an experiment.
struct CompareView {
    let request: PageRequest
    private static let most = 30

    func page() async throws -> Page {
        let ids = request.all("trial").compactMap { Int64($0) }
        if !ids.isEmpty { return try trials(ids) }
        guard let reference = request.asked("experiment") else {
            return Page(
                title: "Compare", address: request.address,
                content: [
                    .element("h1", [], ["Compare"]),
                    .note("Tick trials or optimizers on the page of an experiment, and compare them from there."),
                ])
        }
        return try await optimizers(of: reference)
    }

    private func trials(_ ids: [Int64]) throws -> Page {
        let trials = try request.journal.trials(Array(ids.prefix(Self.most)))
        guard let first = trials.first else { throw JournalError(.missing, "there are no such trials in the journal") }
        let experiments = try Set(trials.map(\.experiment)).map { try request.journal.experiment($0) }
        let names = Dictionary(uniqueKeysWithValues: experiments.map { ($0.id, $0) })
        return Page(
            title: counted(trials.count, "trial") + " side by side", address: request.address,
            trail: names[first.experiment].map { [($0.reference, $0.address)] } ?? [],
            content: [
                .element("h1", [], [.text("\(counted(trials.count, "trial")) side by side")]),
                ids.count > Self.most ? .note("Of \(ids.count) ticked trials, the first \(Self.most).") : .nothing,
                .part(id: "table", [table(trials, names).html]),
                .part(id: "curves", [try curves(trials)]),
                .section(
                    "differences", "What differs",
                    [
                        SettingsTable(
                            caption: "Settings of the optimizers that differ", trials.map(\.optimizerSettings),
                            heads: trials.map { "trial \($0.id)" }
                        ).html,
                        SettingsTable(
                            caption: "Settings of the problems that differ", trials.map(\.problemSettings),
                            heads: trials.map { "trial \($0.id)" }
                        ).html,
                    ]),
            ])
    }

    private func table(_ trials: [TrialRecord], _ experiments: [Int64: ExperimentRecord]) -> PageTable {
        let metrics = TrialTable.metrics(of: trials)
        return PageTable(
            caption: "The ticked trials",
            columns: [
                .init("trial"), .init("optimizer"), .init("problem"), .init("seed", isNumeric: true), .init("status"),
            ]
                + metrics.map { .init(TrialTable.words($0), isNumeric: true) } + [.init("experiment")],
            rows: trials.enumerated().map { index, trial in
                PageTable.Row(
                    cells: [
                        .group([CurveFigure.swatch(index), .link(String(trial.id), trial.address)]),
                        .text(trial.optimizerName), .text(trial.problem), .text(String(trial.seed)), trial.status.badge,
                    ] + metrics.map { .text(TrialTable.text($0, of: trial)) } + [
                        experiments[trial.experiment].map { .link($0.reference, $0.address) } ?? .nothing
                    ],
                    attributes: [.series(index), .plain("tabindex", "0")])
            })
    }

    private func curves(_ trials: [TrialRecord]) throws -> HTML {
        let reader = CurveReader(journal: request.journal, range: request.range)
        let names = trials.map(Self.name)
        var metrics: [Metric] = []
        for trial in trials {
            for metric in try request.journal.metrics(of: trial.id)
            where !metrics.contains(metric) && !metric.isTiming && metric != .errorHistogram { metrics.append(metric) }
        }
        let figures = try metrics.prefix(12).compactMap { metric -> HTML? in
            let layers = try trials.compactMap { trial in
                try reader.points(of: trial.id, metric, isWhole: trials.count <= 4)
                    .map { Chart.Layer(Self.name(trial), .line($0, .plain)) }
            }
            guard
                layers.contains(where: { if case .line(let points, _) = $0.marks { points.count > 1 } else { false } })
            else { return nil }
            let words = TrialTable.words(metric)
            return CurveFigure(
                panel: Chart.Panel(
                    title: words, horizontal: .steps, vertical: Chart.Axis(scale: request.scale), layers: layers),
                names: names, caption: "\(words.capitalizedFirst), \(counted(layers.count, "trial"))."
            ).html
        }
        return .section(
            "curves", "Curves",
            [RangeForm(request: request, address: Address(["compare"])).html, .div("figures", .group(figures))])
    }

    private static func name(_ trial: TrialRecord) -> String {
        "\(trial.optimizerName), seed \(trial.seed) (\(trial.id))"
    }

    private func optimizers(of reference: String) async throws -> Page {
        let experiment = try request.journal.experiment(named: reference)
        let chosen = request.all("optimizer")
        let problem = request.asked("problem")
        let progress = try request.journal.progress(of: experiment.id)[experiment.id] ?? ExperimentProgress()
        let groups = try request.journal.trialGroups(of: experiment.id).filter { group in
            (chosen.isEmpty || chosen.contains(group.optimizer)) && (problem == nil || problem == group.problem)
        }
        let (kinds, range, scale, address) = (request.kinds, request.range, request.scale, request.address)
        let stamp = "\(progress.lastActivity ?? "") \(progress[.completed])"
        let curves = await request.sections.section("compare \(address.text)", stamp: stamp) { reader in
            let comparison = try ComparisonView(
                "\(experiment.name)@\(experiment.hash)", reader.journal, kinds: kinds,
                names: groups.map(\.optimizer).uniqued(), only: chosen
            ).pieces()
            let curves = try ExperimentCurves(
                journal: reader.journal, experiment: experiment.id, kinds: kinds, groups: groups, range: range,
                scale: scale
            ).pieces()
            return ["": .section("results", "Results", [ExperimentResults.laidOut(comparison, curves, groups, kinds)])]
        }
        return Page(
            title: "\(chosen.joined(separator: ", ")) of \(experiment.name)", address: request.address,
            trail: [(experiment.reference, experiment.address)],
            content: [
                .element("h1", [], [.text("Optimizers of \(experiment.name) side by side")]),
                RangeForm(request: request, address: Address(["compare"])).html,
                .part(
                    id: "comparison",
                    [curves.pieces?[""] ?? .note("The figures are being computed; they appear here in a moment.")]),
            ], isUnfinished: !curves.isCurrent)
    }
}
