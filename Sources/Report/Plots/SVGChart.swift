/// A chart as SVG: panels two a row, thin single runs, their median where there are several, and a legend.
public struct SVGChart {
    private let chart: Chart
    private let theme: Theme
    /// Of all panels, so that a series has one colour in the whole picture.
    private let names: [String]

    /// More thin lines than this only make a surface.
    private static let mostRuns = 40
    private static let headline = 56.0
    private static let legendLine = 18.0

    public init(_ chart: Chart, theme: Theme = .light) {
        self.chart = chart
        self.theme = theme
        names = chart.panels.flatMap { $0.series.map(\.name) }.reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    public var text: String {
        let columns = min(chart.panels.count, 2)
        let width = Double(max(columns, 1)) * PanelFrame.width
        let legend = legend(width: width)
        let top = Self.headline + Double(legend.rows) * Self.legendLine + (legend.rows > 0 ? 6 : 0)
        var lines = [
            SVGText.text(chart.title, x: 16, y: 28, size: 16, color: theme.text, isBold: true)
        ]
        if chart.panels.contains(where: { $0.series.contains { $0.runs.count > 1 } }) {
            lines.append(
                SVGText.text(
                    "thin: single runs; bold: their median", x: 16, y: 44, size: 10, color: theme.muted))
        }
        lines += legend.lines
        for (index, panel) in chart.panels.enumerated() {
            let origin = (
                x: Double(index % columns) * PanelFrame.width,
                y: top + Double(index / columns) * PanelFrame.height
            )
            lines += SVGPanel(panel, names, theme).lines(at: origin, number: index, mostRuns: Self.mostRuns)
        }
        let rows = (chart.panels.count + columns - 1) / max(columns, 1)
        return SVGText.document(
            width: width, height: top + Double(rows) * PanelFrame.height,
            title: chart.title, theme: theme, lines)
    }

    /// Each name with its colour, in as many rows as it takes; none for a single name.
    private func legend(width: Double) -> (lines: [String], rows: Int) {
        guard names.count > 1 else { return ([], 0) }
        var lines: [String] = []
        var place = (x: 16.0, row: 0)
        for (index, name) in names.enumerated() {
            let length = 30 + 6.2 * Double(name.count) + 14
            if place.x > 16, place.x + length > width { place = (16, place.row + 1) }
            let y = Self.headline + 8 + Double(place.row) * Self.legendLine
            lines.append(
                SVGText.polyline(
                    [(place.x, y - 4), (place.x + 22, y - 4)], color: theme.color(index), width: 3,
                    dashes: theme.dashes(index)))
            lines.append(SVGText.text(name, x: place.x + 28, y: y, color: theme.text))
            place.x += length
        }
        return (lines, place.row + 1)
    }
}

/// One panel of a chart.
struct SVGPanel {
    private let panel: Chart.Panel
    private let names: [String]
    private let theme: Theme

    init(_ panel: Chart.Panel, _ names: [String], _ theme: Theme) {
        self.panel = panel
        self.names = names
        self.theme = theme
    }

    /// - Parameter number: the panel's, which tells its clipping from that of others.
    func lines(at origin: (x: Double, y: Double), number: Int, mostRuns: Int) -> [String] {
        guard let frame = PanelFrame(panel, at: origin) else {
            return [
                SVGText.text(
                    "\(panel.title): no finite value", x: origin.x + 16, y: origin.y + 20, color: theme.muted)
            ]
        }
        var lines = axes(frame)
        lines.append(clip(frame, number))
        lines.append("<g clip-path=\"url(#panel\(number))\">")
        for series in panel.references { lines += reference(series, frame) }
        for series in panel.series.reversed() {
            let index = names.firstIndex(of: series.name) ?? 0
            let median = series.median
            let (width, opacity) = median == nil ? (1.6, 1.0) : (0.8, 0.35)
            for run in series.runs.prefix(mostRuns) {
                lines += frame.pieces(run).map {
                    SVGText.polyline(
                        $0, color: theme.color(index), width: width, opacity: opacity, dashes: theme.dashes(index))
                }
                if panel.showsEnds, let end = end(of: run, frame) {
                    lines.append(marked(end, run, color: theme.color(index)))
                }
            }
            if let median {
                lines += frame.pieces(median).map {
                    SVGText.polyline($0, color: theme.color(index), width: 2.4, dashes: theme.dashes(index))
                }
            }
        }
        return lines + ["</g>"]
    }

    func clip(_ frame: PanelFrame, _ number: Int) -> String {
        "<clipPath id=\"panel\(number)\"><rect x=\"\(SVGText.number(frame.left - 4))\" "
            + "y=\"\(SVGText.number(frame.top - 4))\" width=\"\(SVGText.number(frame.right - frame.left + 8))\" "
            + "height=\"\(SVGText.number(frame.bottom - frame.top + 8))\"/></clipPath>"
    }

    func reference(_ series: Chart.Series, _ frame: PanelFrame) -> [String] {
        series.runs.flatMap { run -> [String] in
            var lines = frame.pieces(run).map {
                SVGText.polyline($0, color: theme.muted, width: 1.4, dashes: "5 4")
            }
            if let last = run.points.last {
                lines.append(
                    SVGText.text(
                        series.name, x: frame.right - 2, y: max(frame.y(last.y) - 5, frame.top + 8), size: 10,
                        color: theme.muted, anchor: "end"))
            }
            return lines
        }
    }

    /// Title, labels and grid.
    func axes(_ frame: PanelFrame) -> [String] {
        let scale = frame.vertical.isLogarithmic ? " (log scale)" : ""
        var lines = [
            SVGText.text(
                panel.title + scale, x: frame.left, y: frame.top - 12, size: 12, color: theme.text, isBold: true)
        ]
        for tick in frame.vertical.ticks(count: 6) {
            let y = frame.y(tick)
            lines.append(SVGText.line((frame.left, y), (frame.right, y), color: theme.grid))
            lines.append(
                SVGText.text(
                    NumberText.tick(tick), x: frame.left - 6, y: y + 4, color: theme.muted, anchor: "end"))
        }
        for tick in frame.horizontal.ticks(count: 5) {
            lines.append(
                SVGText.text(
                    NumberText.tick(tick), x: frame.x(tick), y: frame.bottom + 16, color: theme.muted, anchor: "middle")
            )
        }
        lines.append(SVGText.line((frame.left, frame.bottom), (frame.right, frame.bottom), color: theme.muted))
        lines.append(
            SVGText.text(
                panel.horizontal, x: frame.right, y: frame.bottom + 30, size: 10, color: theme.muted, anchor: "end"))
        return lines
    }

    private func end(of run: Chart.Run, _ frame: PanelFrame) -> (x: Double, y: Double)? {
        run.points.last { $0.y.isFinite }.map { (frame.x($0.x), frame.y($0.y)) }
    }

    /// Where a run ended: a dot, or a cross where it diverged.
    private func marked(_ end: (x: Double, y: Double), _ run: Chart.Run, color: String) -> String {
        guard run.isDiverged else {
            return
                "<circle cx=\"\(SVGText.number(end.x))\" cy=\"\(SVGText.number(end.y))\" r=\"1.8\" fill=\"\(color)\"/>"
        }
        let (x, y) = end
        return SVGText.polyline([(x - 4, y - 4), (x + 4, y + 4)], color: color, width: 1.8)
            + SVGText.polyline([(x - 4, y + 4), (x + 4, y - 4)], color: color, width: 1.8)
    }
}
