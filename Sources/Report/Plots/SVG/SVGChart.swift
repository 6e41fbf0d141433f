/// A chart as SVG: panels side by side where there is room, and names beside the lines or in a legend above.
struct SVGChart {
    private let chart: Chart
    private let theme: Theme
    private let width: Double
    private let names: [String]

    private static let narrowestPanel = 360.0
    private static let legendLine = 18.0
    /// How many points a picture has at most, about, so that it stays small.
    private static let mostPoints = 18_000

    init(_ chart: Chart, theme: Theme, width: Double) {
        self.chart = chart
        self.theme = theme
        self.width = max(width, 240)
        names = chart.seriesNames
    }

    var text: String {
        let columns = max(1, min(chart.panels.count, Int(width / Self.narrowestPanel)))
        let panelWidth = width / Double(columns)
        let panelHeight = (panelWidth * 0.56).rounded().clamped(to: 230...430)
        var lines: [String] = []
        let title = TextWidth.cut(chart.title, to: (width - 32) / 1.08, size: 16)
        lines.append(
            SVGText.text(title, x: 16, y: 26, size: 16, color: theme.color(.text), isBold: true, whole: chart.title))
        var y = 30.0
        for line in TextWidth.wrapped(caption, to: width - 32, size: 11) {
            y += 14
            lines.append(SVGText.text(line, x: 16, y: y, color: theme.color(.muted)))
        }
        y += 10
        let labels =
            chart.panels.count == 1 && width >= 520
            ? EndLabels(chart.panels[0], width: width, height: panelHeight - 80) : nil
        let legend = legend(of: names.filter { labels?.names.contains($0) != true }, at: y)
        lines += legend.lines
        y += Double(legend.rows) * Self.legendLine
        for (index, panel) in chart.panels.enumerated() {
            let place = PanelFrame.Place(
                x: Double(index % columns) * panelWidth, y: y + Double(index / columns) * panelHeight,
                width: panelWidth, height: panelHeight)
            lines += SVGPanel(panel, names, theme).lines(at: place, labels: labels, columns: self.columns)
        }
        let rows = (chart.panels.count + columns - 1) / columns
        return SVGText.document(
            width: width, height: y + Double(rows) * panelHeight + 6, title: chart.title, description: description,
            theme: theme, lines)
    }

    private var caption: String {
        let hasSummed = chart.panels.contains { panel in
            panel.layers.contains(where: \.marks.isThin) && panel.layers.contains(where: \.marks.isSum)
        }
        return chart.caption + (hasSummed ? " \(chart.legend)" : "")
    }

    /// How finely all lines may be drawn together.
    private var columns: Int {
        let lines = chart.panels.flatMap(\.layers).count { layer in
            switch layer.marks {
            case .line, .band: true
            case .points, .bars, .notes: false
            }
        }
        return (Self.mostPoints / (2 * max(lines, 1))).clamped(to: 24...400)
    }

    /// In words, for who does not see it.
    private var description: String {
        let panels = chart.panels.map { panel in
            let series = panel.layers.filter { !$0.marks.isThin && !$0.series.isEmpty }.map(\.series)
            let named = series.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            let of = named.isEmpty ? "" : " of \(named.joined(separator: ", "))"
            return "\(panel.title)\(of) over \(panel.horizontal.title)."
        }
        return ([caption] + panels).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Each name with its colour, in as many rows as it takes; none for a single name.
    private func legend(of shown: [String], at top: Double) -> (lines: [String], rows: Int) {
        // Where each panel has one series, its title names it; and so do categories.
        let isNeeded = chart.panels.contains { panel in
            panel.vertical.categories.isEmpty
                && Set(panel.layers.filter { !$0.marks.isReference && $0.shade == nil }.map(\.series)).count > 1
        }
        guard isNeeded, !shown.isEmpty else { return ([], 0) }
        var lines: [String] = []
        var place = (x: 16.0, row: 0)
        for name in shown {
            let index = names.firstIndex(of: name) ?? 0
            let whole = note(of: name).map { "\(name) (\($0))" } ?? name
            let text = TextWidth.cut(whole, to: width - 60, size: 11)
            let length = 28 + TextWidth.of(text, size: 11) + 14
            if place.x > 16, place.x + length > width { place = (16, place.row + 1) }
            let y = top + 12 + Double(place.row) * Self.legendLine
            lines.append(
                SVGText.polyline(
                    [(place.x, y - 4), (place.x + 22, y - 4)], color: theme.color(index), width: 3,
                    dashes: theme.dashes(index)))
            lines.append(SVGText.text(text, x: place.x + 28, y: y, color: theme.color(.text), whole: whole))
            place.x += length
        }
        return (lines, place.row + 1)
    }

    /// What all panels say of a series; nil where they say nothing, or not one thing.
    private func note(of name: String) -> String? {
        let notes = Set(chart.panels.flatMap(\.layers).filter { $0.series == name }.compactMap(\.note))
        return notes.count == 1 ? notes.first : nil
    }
}

extension Chart {
    /// The chart as SVG, some 300 kB at most, whatever it shows.
    ///
    /// It has a title, a description and `role="img"`; ``tables`` has what it shows in numbers. Inside of a page, give it
    /// ``Theme/page`` and the page ``Theme/styleSheet``; it names nothing that another chart of the page could name too.
    ///
    /// - Parameter width: for which it is laid out: with 720 and more, two panels stand side by side. Its height follows.
    public func svg(theme: Theme = .light, width: Double = 800) -> String {
        SVGChart(self, theme: theme, width: width).text
    }
}

extension Comparable {
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
