import Foundation
import JournalStore
import Nouns
import Report

/// A chart in a page, with its legend and with its data as a table.
struct CurveFigure {
    var panel: Chart.Panel
    /// Of all series of the page.
    var names: [String]
    /// Tells it from the other charts of the page.
    var number: Int
    /// What is to be said of it.
    var caption: String
    /// Whether to name its series beside it; no where a table beside it does.
    var hasLegend = true

    var html: HTML {
        let picture = PanelPicture(panel, names: names, number: number)
        var attributes: [Attribute] = [.class("figure")]
        if let extent = picture.extent {
            attributes += [
                .plain("data-from", "\(extent.lowerBound)"), .plain("data-to", "\(extent.upperBound)"),
                .plain("data-left", "\(picture.axis.lowerBound)"), .plain("data-right", "\(picture.axis.upperBound)"),
            ]
        }
        return .element(
            "figure", attributes,
            [
                .picture(picture), hasLegend ? legend : .nothing,
                .element("figcaption", [], [.text(caption)]), table,
            ])
    }

    private var legend: HTML {
        guard panel.series.count > 1 else { return .nothing }
        return .element(
            "ul", [.class("legend")],
            panel.series.map { series in
                let index = names.firstIndex(of: series.name) ?? 0
                return .element(
                    "li", [.plain("data-series", String(index % 8)), .plain("tabindex", "0")],
                    [Self.swatch(index), .text(series.name)])
            })
    }

    static func swatch(_ index: Int) -> HTML { .picture(PanelPicture(swatch: index)) }

    private static let rows = 40

    /// At most 40 of the steps, with each series' middle value.
    private var table: HTML {
        let curves = panel.series.map { ($0.name, $0.middle) }.filter { !$0.1.isEmpty }
        guard let longest = curves.map(\.1).max(by: { $0.count < $1.count }) else { return .nothing }
        let every = max(1, (longest.count + Self.rows - 1) / Self.rows)
        var chosen = Array(stride(from: 0, to: longest.count, by: every))
        if chosen.last != longest.count - 1 { chosen.append(longest.count - 1) }
        let hasRuns = panel.series.contains { $0.runs.count > 1 }
        return .details(
            "Data as a table",
            [
                PageTable(
                    caption: "\(panel.title) by \(panel.horizontal)\(hasRuns ? ", the median of the runs drawn" : "")",
                    columns: [.init(panel.horizontal, isNumeric: true)]
                        + curves.map { .init($0.0, isNumeric: true) },
                    rows: chosen.map { index in
                        PageTable.Row(
                            cells: [.text(NumberText.tick(longest[index].x))]
                                + curves.map { _, points in
                                    .text(index < points.count ? NumberText.significant(points[index].y) : "")
                                })
                    }, name: "data"
                ).html
            ])
    }
}

extension Chart.Series {
    /// The one run, or the median of several, point by point.
    fileprivate var middle: [(x: Double, y: Double)] {
        guard runs.count > 1, let longest = runs.max(by: { $0.points.count < $1.points.count }) else {
            return runs.first?.points ?? []
        }
        return longest.points.enumerated().map { index, point in
            let values = runs.compactMap { index < $0.points.count ? $0.points[index].y : $0.points.last?.y }
                .map { $0.isNaN ? .infinity : $0 }.sorted()
            return (point.x, values.isEmpty ? .nan : values[values.count / 2])
        }
    }
}

extension Chart.Run {
    /// A curve from afar: of each stretch its lowest and its highest value.
    init(_ overview: CurveOverview, within range: ClosedRange<Int>? = nil, isDiverged: Bool = false) {
        let buckets = overview.buckets
        let isPoints = overview.pointCount == buckets.count
        var points: [(x: Double, y: Double)] = []
        for (index, bucket) in buckets.enumerated() {
            let next = index + 1 < buckets.count ? buckets[index + 1].firstStep : overview.lastStep
            if let range, next < range.lowerBound || bucket.firstStep > range.upperBound { continue }
            points.append((Double(bucket.firstStep), Double(bucket.low)))
            if !isPoints { points.append((Double(bucket.firstStep + next) / 2, Double(bucket.high))) }
        }
        self.init(points: points, isDiverged: isDiverged)
    }
}

/// Reads curves in as much detail as a picture shows.
struct CurveReader {
    let journal: Journal
    let range: ClosedRange<Int>?

    /// Points of a curve up to which it is drawn from them all.
    private static let mostPoints = 20_000

    /// One trial's curve; nil where it has none in that range.
    func run(of trial: TrialRecord, _ metric: Metric, isWhole: Bool = true) throws -> Chart.Run? {
        let isDiverged = trial.results?.isDiverged ?? false
        let overview = try journal.overview(trial: trial.id, metric: metric)
        guard !overview.buckets.isEmpty else { return nil }
        guard isWhole, overview.pointCount <= Self.mostPoints else {
            return Chart.Run(overview, within: range, isDiverged: isDiverged)
        }
        let (steps, values) = try journal.points(trial: trial.id, metric: metric)
        let points = zip(steps, values).filter { step, _ in range?.contains(step) ?? true }
        guard !points.isEmpty else { return nil }
        return Chart.Run(
            points: points.map { (Double($0), $1) }, isDiverged: isDiverged && range == nil)
    }
}
