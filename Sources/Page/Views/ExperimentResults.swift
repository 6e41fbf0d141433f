import Analysis
import Foundation
import JournalStore
import Nouns
import Report
import Wording

/// What came out of an experiment: each problem's comparison beside its curves, then the curves of what prepared for it.
struct ExperimentResults {
    let view: ExperimentView
    let progress: ExperimentProgress

    private var request: PageRequest { view.request }
    private var experiment: ExperimentRecord { view.experiment }

    /// The sections, as far as they are made.
    func sections() async -> (pieces: [HTML], areCurrent: Bool) {
        let begun = view.groups.contains { $0.begun > 0 }
        guard begun else {
            return ([.section("results", "Results", [.note("No trial has begun yet.")])], true)
        }
        let key = "\(experiment.id) \(request.range.map { "\($0)" } ?? "") \(request.scale)"
        let (kinds, groups, range, scale) = (request.kinds, view.groups, request.range, request.scale)
        let (reference, id) = ("\(experiment.name)@\(experiment.hash)", experiment.id)
        let running = progress[.running] > 0
        // Curves grow meanwhile: they are drawn anew every two seconds.
        let moment = running ? " \(Int(Date.now.timeIntervalSince1970 / 2))" : ""
        let curves = await request.sections.section("curves \(key)", stamp: stamp + moment) { reader in
            try ExperimentCurves(
                journal: reader.journal, experiment: id, kinds: kinds, groups: groups, range: range, scale: scale
            ).pieces()
        }
        let comparison = await request.sections.section("comparison \(id)", stamp: stamp) { reader in
            try ComparisonView(reference, reader.journal, kinds: kinds, names: groups.map(\.optimizer).uniqued())
                .pieces()
        }
        let sections = Self.laidOut(comparison.pieces, curves.pieces, groups, kinds)
        return (
            [.section("results", "Results", [rangeForm, sections])],
            comparison.isCurrent && (curves.isCurrent || running)
        )
    }

    /// Of each problem the statistics beside the charts, and then the charts of what prepared for it.
    ///
    /// - Parameters:
    ///   - comparison: the statistics by problem, and under no name what is said of them all; nil where they are not yet
    ///     made.
    ///   - curves: the charts by kind of trials and problem, likewise.
    static func laidOut(
        _ comparison: [String: HTML]?, _ curves: [String: HTML]?, _ groups: [TrialGroup], _ kinds: [TrialKindSummary]
    ) -> HTML {
        let wait = HTML.note("The figures are being computed; they appear here in a moment.")
        let compared = Set(kinds.filter(\.isCompared).map(\.kind))
        var pieces: [HTML] = []
        for part in groups.parts where compared.contains(part.kind) {
            let statistics = comparison == nil ? wait : comparison?[part.problem] ?? .nothing
            let charts = curves == nil ? wait : curves?[part.key] ?? .nothing
            pieces.append(
                .element(
                    "article", [],
                    [
                        .element("h3", [], [.text(part.problem)]),
                        .div("beside", .div("statistics", statistics), .div("figures", charts)),
                    ]))
        }
        pieces.append(comparison?[""] ?? .nothing)
        for kind in kinds where !kind.isCompared {
            let charts = groups.parts.filter { $0.kind == kind.kind }.compactMap { curves?[$0.key] }
            guard !charts.isEmpty else { continue }
            pieces.append(.element("h3", [], [.text(kind.title)]))
            pieces.append(.div("figures", .group(charts)))
        }
        return .group(pieces)
    }

    private var stamp: String {
        "\(progress.lastActivity ?? "") "
            + TrialStatus.allCases.map { String(progress[$0]) }.joined(separator: " ")
    }

    private var rangeForm: HTML {
        RangeForm(request: request, address: experiment.address).html
    }
}

/// The steps that the charts of a page show: to be typed, or dragged across a chart.
struct RangeForm {
    let request: PageRequest
    let address: Address

    var html: HTML {
        let isPart = request.range != nil
        return .served([
            .details(
                isPart
                    ? "Steps \(request.range!.lowerBound) to \(request.range!.upperBound)"
                    : "Axes; drag across a chart to look at a range of steps",
                [
                    .form(
                        [.plain("method", "get"), .action(address), .class("range")],
                        request.address.query.filter { !["from", "to", "scale", "static"].contains($0.name) }
                            .map { .hidden($0.name, $0.value) } + [
                                .choice(
                                    "Vertical axis", name: "scale",
                                    [
                                        ("", "as it fits"), ("linear", "linear"), ("logarithmic", "logarithmic"),
                                    ], chosen: request.asked("scale") ?? ""),
                                .field("From step", name: "from", request.asked("from") ?? "", type: "number"),
                                .field("to step", name: "to", request.asked("to") ?? "", type: "number"),
                                .button("Show"),
                            ]),
                    isPart ? .link("Show all steps", request.address.with("from", nil).with("to", nil)) : .nothing,
                ], id: "range", isOpen: isPart)
        ])
    }
}

/// The curves of an experiment, one chart for each metric of each kind of trials and problem.
struct ExperimentCurves {
    let journal: Journal
    let experiment: Int64
    let kinds: [TrialKindSummary]
    /// What is to be drawn.
    let groups: [TrialGroup]
    let range: ClosedRange<Int>?
    let scale: Chart.Axis.Scale

    private static let mostCharts = 24
    /// Trials up to which each curve is drawn from its points.
    private static let mostWhole = 20
    /// Curves of an earlier program, which have no overview, that are drawn.
    private static let mostWithout = 500
    /// Thin lines of one chart, all optimizers together.
    private static let mostThin = 160

    /// The charts by kind of trials and problem.
    func pieces() throws -> [String: HTML] {
        let names = groups.map(\.optimizer).uniqued()
        var pieces: [String: HTML] = [:]
        var number = 0
        for kind in groups.filter({ $0.begun > 0 }).map(\.kind).uniqued() {
            let members = try journal.members(of: experiment, kind: kind)
            let problems = groups.filter { $0.kind == kind && $0.begun > 0 }.map(\.problem).uniqued()
            var figures: [String: [HTML]] = [:]
            for metric in try metrics(of: members, kind) where number < Self.mostCharts {
                let curves = try curves(of: members, kind, metric)
                for problem in problems {
                    let shown = members.filter { $0.problem == problem }
                    guard let figure = figure(metric, kind, problem, shown, curves, names) else { continue }
                    figures[problem, default: []].append(figure)
                    number += 1
                }
            }
            for (problem, figures) in figures { pieces["\(kind) on \(problem)"] = .group(figures) }
        }
        return pieces
    }

    /// What is measured of these trials, the metric that is drawn of their kind first.
    private func metrics(of members: [TrialMember], _ kind: TrialKindName) throws -> [Metric] {
        var metrics: [Metric] = []
        var seen: Set<[String]> = []
        for member in members where seen.insert([member.problem, member.optimizer]).inserted {
            metrics += try journal.metrics(of: member.id)
        }
        let drawn = kinds.first { $0.kind == kind }?.curve
        let shown = metrics.uniqued().filter { !$0.isTiming && $0 != .errorHistogram }
        return shown.filter { $0 == drawn } + shown.filter { $0 != drawn }
    }

    private func curves(
        of members: [TrialMember], _ kind: TrialKindName, _ metric: Metric
    ) throws -> [Int64: SeriesLayers.Run] {
        let reader = CurveReader(journal: journal, range: range)
        let isWhole = members.count <= Self.mostWhole
        let overviews =
            isWhole
            ? [:] : try journal.overviews(of: experiment, kind: kind, metric: metric, most: Self.mostWithout)
        var curves: [Int64: SeriesLayers.Run] = [:]
        for member in members {
            let points: (drawn: [Chart.Point]?, means: [Chart.Point]?)
            if isWhole {
                let whole = try reader.points(of: member.id, metric)
                points = (whole, whole)
            } else {
                let overview = overviews[member.id]
                points = (overview.flatMap { reader.shown($0.outline) }, overview.flatMap { reader.shown($0.means) })
            }
            guard let drawn = points.drawn, let means = points.means else { continue }
            let isDiverged = member.isDiverged || drawn.contains { !$0.y.isFinite }
            curves[member.id] = SeriesLayers.Run(
                points: drawn, means: means, isDiverged: isDiverged, isOver: member.isOver)
        }
        return curves
    }

    private func figure(
        _ metric: Metric, _ kind: TrialKindName, _ problem: String, _ members: [TrialMember],
        _ curves: [Int64: SeriesLayers.Run], _ names: [String]
    ) -> HTML? {
        let chosen = Set(groups.map(\.optimizer))
        let series = members.map(\.optimizer).uniqued().filter(chosen.contains).map { name in
            let drawn = members.filter { $0.optimizer == name && curves[$0.id] != nil }
            let replicates = drawn.byReplicate(\.replicate)
            return (
                name: name, trials: drawn.count, isReplicated: replicates != nil,
                runs: replicates?.map { SeriesLayers.Run(meanOf: $0.compactMap { curves[$0.id] }) }
                    ?? drawn.compactMap { curves[$0.id] }
            )
        }.filter { !$0.runs.isEmpty }
        // A metric of one point a trial is a result, and stands among those.
        guard series.contains(where: { $0.runs.contains { $0.points.count > 1 } }) else { return nil }
        let mostThin = max(4, min(40, Self.mostThin / series.count))
        let layers = series.flatMap { SeriesLayers(name: $0.name, runs: $0.runs, mostThin: mostThin).layers }
        var axis = Chart.Axis(scale: scale)
        let runs = series.flatMap(\.runs)
        // One that diverges leaves the others their room.
        let starts = runs.compactMap { $0.points.first { $0.y.isFinite }?.y }.filter { $0 > 0 }
        if runs.contains(where: \.isDiverged), let start = starts.max() { axis.ceiling = start * 10 }
        let words = TrialTable.words(metric)
        let missing = members.filter { chosen.contains($0.optimizer) }.count - series.reduce(0) { $0 + $1.trials }
        var caption = "\(words.capitalizedFirst) on \(problem)."
        if series.contains(where: { $0.runs.count > 1 }) {
            let cut = series.contains { $0.runs.count > mostThin } ? ", of each optimizer the first \(mostThin)" : ""
            caption += " Bold: the mean over seeds with its 95% interval; thin: single runs\(cut)."
        }
        if series.contains(where: \.isReplicated) { caption += " Of several replicates a run is the mean of one." }
        if missing > 0 { caption += " \(counted(missing, "trial")) of \(members.count) are not drawn." }
        return CurveFigure(
            panel: Chart.Panel(title: words, horizontal: .steps, vertical: axis, layers: layers), names: names,
            caption: caption
        ).html
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension [TrialGroup] {
    /// The kinds of trials on problems, in the order of the spec.
    var parts: [(kind: TrialKindName, problem: String, key: String)] {
        var seen: Set<String> = []
        return map { ($0.kind, $0.problem, "\($0.kind) on \($0.problem)") }.filter { seen.insert($0.2).inserted }
    }
}
