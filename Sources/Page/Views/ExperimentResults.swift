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
        let key = "\(experiment.id) \(request.range.map { "\($0)" } ?? "")"
        let (kinds, groups, range) = (request.kinds, view.groups, request.range)
        let (reference, id) = ("\(experiment.name)@\(experiment.hash)", experiment.id)
        let running = progress[.running] > 0
        // Curves grow meanwhile: they are drawn anew every two seconds.
        let moment = running ? " \(Int(Date.now.timeIntervalSince1970 / 2))" : ""
        let curves = await request.sections.section("curves \(key)", stamp: stamp + moment) { reader in
            try ExperimentCurves(
                journal: reader.journal, experiment: id, kinds: kinds, groups: groups, range: range
            ).pieces()
        }
        let comparison = await request.sections.section("comparison \(id)", stamp: stamp) { reader in
            try ComparisonView(reference, reader.journal, kinds: kinds).pieces()
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
        var pieces: [HTML] = comparison == nil ? [wait] : []
        for part in groups.parts where compared.contains(part.kind) {
            let statistics = comparison?[part.problem] ?? .nothing
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
                    : "All steps; drag across a chart for some",
                [
                    .element(
                        "form", [.plain("method", "get"), .action(address), .class("range")],
                        request.address.query.filter { !["from", "to", "static"].contains($0.name) }
                            .map { .hidden($0.name, $0.value) } + [
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
    let groups: [TrialGroup]
    let range: ClosedRange<Int>?

    /// Curves that are drawn of one optimizer: more only make a surface.
    private static let mostRuns = 40
    private static let mostCharts = 24

    /// The charts by kind of trials and problem.
    func pieces() throws -> [String: HTML] {
        let names = groups.map(\.optimizer).uniqued()
        var pieces: [String: HTML] = [:]
        var number = 0
        for part in groups.parts {
            let rows = groups.filter { $0.kind == part.kind && $0.problem == part.problem && $0.begun > 0 }
            guard !rows.isEmpty, number < Self.mostCharts else { continue }
            let charts = try charts(part.kind, part.problem, rows, names, from: number)
            number += charts.count
            pieces[part.key] = .group(charts)
        }
        return pieces
    }

    private func charts(
        _ kind: TrialKindName, _ problem: String, _ rows: [TrialGroup], _ names: [String], from number: Int
    ) throws -> [HTML] {
        var trials: [(group: TrialGroup, trials: [TrialRecord])] = []
        for group in rows { trials.append((group, try sample(of: group))) }
        var metrics: [Metric] = []
        for (_, alike) in trials {
            for metric in try alike.first.map({ try journal.metrics(of: $0.id) }) ?? []
            where !metrics.contains(metric) && !metric.isTiming && metric != .errorHistogram { metrics.append(metric) }
        }
        if let drawn = kinds.first(where: { $0.kind == kind })?.curve, let index = metrics.firstIndex(of: drawn) {
            metrics.swapAt(0, index)
        }
        let reader = CurveReader(journal: journal, range: range)
        return try metrics.enumerated().compactMap { index, metric -> HTML? in
            let series = try trials.compactMap { group, trials -> Chart.Series? in
                let isWhole = trials.count * rows.count <= 20
                let runs = try trials.compactMap { try reader.run(of: $0, metric, isWhole: isWhole) }
                return runs.isEmpty ? nil : Chart.Series(name: group.optimizer, runs: runs)
            }
            // A metric of one point a trial is a result, and stands among those.
            guard series.contains(where: { $0.runs.contains { $0.points.count > 1 } }) else { return nil }
            let title = kinds.first { $0.kind == kind }?.title ?? kind.rawValue
            let words = TrialTable.words(metric)
            return CurveFigure(
                panel: Chart.Panel(title: "\(words) on \(problem)", showsEnds: range == nil, series: series),
                names: names, number: number + index,
                caption: "\(title): \(words) on \(problem). \(Self.drawn(trials.map { ($0.group, $0.trials.count) }))"
            ).html
        }
    }

    /// Trials of a group that have begun, evenly over all of them.
    private func sample(of group: TrialGroup) throws -> [TrialRecord] {
        var listing = TrialListing(experiment: experiment, limit: Self.mostRuns)
        listing.kind = group.kind
        listing.problem = group.problem
        listing.optimizer = group.optimizer
        return try journal.trials(listing).trials.filter { $0.startedAt != nil }
    }

    private static func drawn(_ counts: [(group: TrialGroup, drawn: Int)]) -> String {
        let most = counts.map(\.group.begun).max() ?? 0
        guard most > mostRuns else { return most == 1 ? "One run each." : "Thin: single runs; bold: their median." }
        return "Thin: single runs, \(mostRuns) of up to \(NumberText.grouped(Double(most))) of an optimizer; bold: the "
            + "median of those drawn."
    }
}

extension [TrialGroup] {
    /// The kinds of trials on problems, in the order of the spec.
    var parts: [(kind: TrialKindName, problem: String, key: String)] {
        var seen: Set<String> = []
        return map { ($0.kind, $0.problem, "\($0.kind) on \($0.problem)") }.filter { seen.insert($0.2).inserted }
    }
}

extension Sequence where Element: Hashable {
    /// The elements without those that came before.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
