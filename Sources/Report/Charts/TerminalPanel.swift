/// A panel of a chart in characters: braille lines with a mark of their own for each series, and a legend beside their
/// ends; in ASCII the marks alone.
struct TerminalPanel {
    private let panel: Chart.Panel
    let series: [TerminalSeries]
    private let rows: Int

    /// - Parameter rows: without it, 16, and up to 24 where there are many series to tell apart; at most as many series
    ///   are drawn.
    init(_ panel: Chart.Panel, rows: Int? = nil) {
        var panel = panel
        // Single runs would hide what sums them up.
        let summed = Set(panel.layers.filter(\.marks.isSum).map(\.series))
        panel.layers.removeAll { $0.marks.isThin && summed.contains($0.series) }
        self.panel = panel
        let all = TerminalSeries.of(panel)
        let usual = min(max(all.contains { !$0.bars.isEmpty } ? 8 : 16, 8 + 2 * all.count), 24)
        self.rows = rows ?? usual
        series = Array(all.prefix(self.rows))
    }

    private var marks: TerminalMarks { TerminalMarks(count: series.count) }

    private static let widestPlot = 72
    private static let narrowestPlot = 16
    private static let longestCategory = 36

    /// The panel's lines; none where nothing is finite.
    func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        guard let scales = PanelScales(panel), !panel.layers.isEmpty else { return [] }
        let ticks = tickLabels(of: scales.vertical, for: terminal)
        let labelWidth = ticks.values.map(\.displayWidth).max() ?? 0
        let room = terminal.width - indent - labelWidth - 4
        var axis = panel.horizontal
        axis.title = terminal.showable(axis.title) + (scales.horizontal.isLogarithmic ? " (log scale)" : "")
        axis.categories = axis.categories.map(terminal.showable)
        let legend = TerminalLegend(
            // Categories and a title name series too.
            namesItself ? [] : series, marks, for: terminal, beside: isShaded ? 0 : room - Self.narrowestPlot,
            below: terminal.width - indent)
        let plotWidth = room - max(legend.isBeside ? legend.width : 0, StepAxis.word(axis).displayWidth)
        let symbols = marks.characters(usesUnicode: terminal.usesUnicode)
        var canvas = PlotCanvas(
            columns: min(max(plotWidth, 1), Self.widestPlot), rows: rows, marks: symbols + ["."],
            usesUnicode: terminal.usesUnicode)
        draw(on: &canvas, scales, terminal)

        let margin = String(repeating: " ", count: indent)
        let unit =
            panel.vertical.title.isEmpty ? "" : panel.title.isEmpty ? panel.vertical.title : ": \(panel.vertical.title)"
        let scale = scales.vertical.isLogarithmic ? " (log scale)" : ""
        let title = terminal.showable(panel.title + unit) + scale
        let legendRows = legend.rows(on: canvas, scales.vertical, series)
        var lines = [(margin + String(repeating: " ", count: labelWidth + 1) + title).trimmingTrailingSpaces]
        let (tick, bar) = terminal.usesUnicode ? ("┤", "│") : ("+", "|")
        for row in 0..<rows {
            let label = ticks[row] ?? ""
            var line = margin + label.padded(to: labelWidth, alignment: .right)
            line += " " + (label.isEmpty ? bar : tick)
            line += canvas.text(ofRow: row, style: style, terminal: terminal)
            if legend.isBeside, let index = legendRows[row], legend.texts.indices.contains(index) {
                line += " " + terminal.styled(legend.texts[index], style(of: index))
            }
            lines.append(line.trimmingTrailingSpaces)
        }
        let foot = StepAxis(
            scale: scales.horizontal, axis: axis, columns: canvas.columns, usesUnicode: terminal.usesUnicode)
        lines += foot.lines.map { (margin + String(repeating: " ", count: labelWidth + 1) + $0).trimmingTrailingSpaces }
        guard !legend.isBeside else { return lines }
        return lines + legend.texts.enumerated().map { margin + terminal.styled($1, style(of: $0)) }
    }

    private var isShaded: Bool { panel.layers.contains { $0.shade != nil } }
    private var namesItself: Bool {
        !panel.vertical.categories.isEmpty || series.count == 1 && panel.title.hasPrefix(series[0].name)
    }

    /// That of references and notes comes after those of the series.
    private func style(of index: Int) -> TextStyle? {
        index < series.count ? TextStyle.series[index % TextStyle.series.count] : .faint
    }

    /// Labels of the vertical axis by row, no two on the same.
    private func tickLabels(of scale: AxisScale, for terminal: Terminal) -> [Int: String] {
        let grid = PlotCanvas(columns: 1, rows: rows, marks: [], usesUnicode: true)
        var labels: [Int: String] = [:]
        guard !panel.vertical.hidesTicks else { return [:] }
        guard panel.vertical.categories.isEmpty else {
            for (index, name) in panel.vertical.categories.enumerated() {
                labels[grid.row(at: scale.position(of: Double(index)))] =
                    terminal.showable(name).truncated(to: Self.longestCategory, unicode: terminal.usesUnicode)
            }
            return labels
        }
        let ticks = scale.ticks(count: rows / 2)
        for (tick, text) in zip(ticks, NumberText.ticks(ticks)) {
            labels[grid.row(at: scale.position(of: tick))] = text
        }
        return labels
    }

    /// Draws the least important series first, so that the best stays in sight.
    private func draw(on canvas: inout PlotCanvas, _ scales: PanelScales, _ terminal: Terminal) {
        func places(_ points: [Chart.Point]) -> [(x: Double, y: Double)?] {
            points.enumerated().map { index, point -> (x: Double, y: Double)? in
                // Of a stretch above the chart only the first point is drawn, at the edge: the curve leaves there.
                let high = scales.vertical.high
                let isBeyond = point.y > high && index > 0 && points[index - 1].y > high
                guard point.isFinite, !isBeyond else { return nil }
                return (scales.horizontal.position(of: point.x), scales.vertical.position(of: point.y))
            }
        }
        for case .line(let points, .reference) in panel.layers.map(\.marks) {
            canvas.draw(places(points), series: series.count)
        }
        for (index, series) in series.enumerated().reversed() {
            for bar in series.bars where bar.height.isFinite {
                canvas.fill(
                    from: scales.horizontal.position(of: bar.range.lowerBound),
                    to: scales.horizontal.position(of: bar.range.upperBound),
                    height: scales.vertical.position(of: bar.height), series: index)
            }
            for line in series.lines { canvas.draw(places(line), series: index) }
        }
        for (index, series) in series.enumerated().reversed() {
            for edge in series.bandEdges {
                let within = edge.filter { (0...1).contains(scales.vertical.share(of: $0.y)) }
                canvas.sprinkle(places(within), series: index)
            }
        }
        for (index, series) in series.enumerated().reversed() {
            for line in series.lines { putMarks(on: &canvas, along: places(line), of: index) }
            for case let place? in places(series.points) { canvas.putMark(at: place, series: index) }
            for case let place? in places(series.crosses) {
                canvas.putMark(at: place, series: index, terminal.usesUnicode ? "×" : "X")
            }
        }
        writeNotes(on: &canvas, scales, terminal)
    }

    private func writeNotes(on canvas: inout PlotCanvas, _ scales: PanelScales, _ terminal: Terminal) {
        for layer in panel.layers {
            switch layer.marks {
            case .notes(let notes):
                for note in notes where note.place.isFinite {
                    let place = (
                        scales.horizontal.position(of: note.place.x), scales.vertical.position(of: note.place.y)
                    )
                    let text = terminal.showable(note.text).truncated(to: 12, unicode: terminal.usesUnicode)
                    canvas.write(text, at: place, before: place.0 > 0.85, series: series.count)
                }
            case .line(let points, .reference):
                guard !layer.series.isEmpty, let last = points.last(where: \.isFinite) else { continue }
                let place = (1.0, scales.vertical.position(of: last.y))
                canvas.write(terminal.showable(layer.series), at: place, before: true, series: series.count)
            default: break
            }
        }
    }

    /// Each curve's set apart from the others'.
    private func putMarks(on canvas: inout PlotCanvas, along places: [(x: Double, y: Double)?], of index: Int) {
        for column in marks.columns(of: index, across: canvas.columns) {
            let share = Double(column) / Double(max(canvas.columns - 1, 1))
            let step = Int((share * Double(places.count - 1)).rounded())
            if places.indices.contains(step), let place = places[step] {
                canvas.putMark(at: place, series: index)
            }
        }
    }
}

extension Chart {
    /// The chart in characters, for people who read it in a terminal: title, panels, and what there is to know.
    public func lines(for terminal: Terminal) -> [String] {
        var lines = terminal.title(title)
        for panel in panels {
            var drawn = TerminalPanel(panel).lines(for: terminal)
            if drawn.first?.isEmpty == true { drawn.removeFirst() }
            lines += [""] + (drawn.isEmpty ? ["\(terminal.showable(panel.title)): no finite value"] : drawn)
        }
        let notes = terminal.showable(caption).wrapped(to: terminal.width)
        return notes.isEmpty ? lines : lines + [""] + notes.map { terminal.styled($0, .faint) }
    }
}
