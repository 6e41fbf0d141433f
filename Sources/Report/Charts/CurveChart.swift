/// A small chart of curves over the same steps, in characters: braille lines with a mark of their own for each curve,
/// and a legend beside their ends.
public struct CurveChart: Sendable {
    /// One curve.
    public struct Series: Sendable {
        var name: String
        var values: [Double]
        var finalValue: Double?

        /// A curve with the value at each step, and the value that the legend gives with its name.
        public init(name: String, values: [Double], finalValue: Double?) {
            self.name = name
            self.values = values
            self.finalValue = finalValue
        }
    }

    private let series: [Series]
    private let title: String
    private let rows: Int

    /// A chart of `series`, the most important first, at most as many as it has rows: without `rows`, 16, and up to 24
    /// where there are many curves to tell apart.
    public init(title: String, series: [Series], rows: Int? = nil) {
        self.title = title
        self.rows = rows ?? min(max(16, 8 + 2 * series.count), 24)
        self.series = Array(series.prefix(self.rows))
    }

    /// The mark of each curve. A few have shapes; many, whose shapes could not be told apart, have letters.
    private func marks(usesUnicode: Bool) -> [Character] {
        let shapes = usesUnicode ? "●○▲□" : "*o+x"
        return Array((hasLetters ? "abcdefghijklmnopqrstuvwxyz" : shapes).prefix(series.count))
    }

    private var hasLetters: Bool { series.count > 4 }

    private static let widestPlot = 72
    private static let narrowestPlot = 16
    private static let longestName = 32
    private static let shortestName = 8
    private static let cellsBetweenShapes = 16
    private static let cellsBetweenLetters = 10
    /// A curve that rises beyond this many times the largest first value is cut off there, so that one that diverges
    /// leaves the others their room.
    private static let risesShown = 10.0

    /// The chart's lines; none where no curve has a finite value to draw.
    public func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        let starts = series.compactMap { $0.values.first { $0.isFinite } }.filter { $0 > 0 }
        let ceiling = starts.max().map { $0 * Self.risesShown } ?? .infinity
        let steps = series.map(\.values.count).max() ?? 0
        guard let vertical = AxisScale(showing: series.flatMap(\.values), ceiling: ceiling) else { return [] }
        let horizontal = AxisScale(low: 0, high: Double(max(steps - 1, 1)))
        let marks = marks(usesUnicode: terminal.usesUnicode)
        let ticks = tickLabels(of: vertical)
        let labelWidth = ticks.values.map(\.count).max() ?? 0
        let room = terminal.width - indent - labelWidth - 4
        let legend = legend(marks, for: terminal, beside: room - Self.narrowestPlot, below: terminal.width - indent)
        let plotWidth = room - (legend.isBeside ? legend.width : StepAxis.word.count)
        var canvas = PlotCanvas(
            columns: min(max(plotWidth, 1), Self.widestPlot), rows: rows, marks: marks,
            usesUnicode: terminal.usesUnicode)
        draw(on: &canvas, horizontal, vertical)

        let margin = String(repeating: " ", count: indent)
        let scale = vertical.isLogarithmic ? " (log scale)" : ""
        let legendRows = placeLegend(on: canvas, vertical)
        var lines = [margin + String(repeating: " ", count: labelWidth + 1) + title + scale]
        let (tick, bar) = terminal.usesUnicode ? ("┤", "│") : ("+", "|")
        for row in 0..<rows {
            let label = ticks[row] ?? ""
            var line = margin + label.padded(to: labelWidth, alignment: .right)
            line += " " + (label.isEmpty ? bar : tick)
            line += canvas.text(ofRow: row, style: style, terminal: terminal)
            if legend.isBeside, let index = legendRows[row] {
                line += " " + terminal.styled(legend.texts[index], style(of: index))
            }
            lines.append(line.trimmingTrailingSpaces)
        }
        let foot = StepAxis(scale: horizontal, columns: canvas.columns, usesUnicode: terminal.usesUnicode)
        lines += foot.lines.map { margin + String(repeating: " ", count: labelWidth + 1) + $0 }
        guard !legend.isBeside else { return lines }
        return lines + legend.texts.enumerated().map { margin + terminal.styled($1, style(of: $0)) }
    }

    private func style(of index: Int) -> TextStyle? {
        TextStyle.series[index % TextStyle.series.count]
    }

    /// The mark, the name and the final value of each curve.
    private struct Legend {
        var texts: [String]
        /// Whether it stands beside the ends of the curves; else, below the chart.
        var isBeside = true

        var width: Int { texts.map(\.displayWidth).max() ?? 0 }
    }

    /// The legend beside the chart in at most `beside` columns, where names can be cut so far; else below it.
    private func legend(_ marks: [Character], for terminal: Terminal, beside: Int, below: Int) -> Legend {
        func cut(to width: Int) -> Legend {
            let whole = legendTexts(marks, for: terminal, longestName: Self.longestName)
            let longest = series.map { min(terminal.showable($0.name).displayWidth, Self.longestName) }.max() ?? 0
            let room = longest - max(0, Legend(texts: whole).width - width)
            let texts = legendTexts(marks, for: terminal, longestName: max(room, min(longest, Self.shortestName)))
            return Legend(texts: texts)
        }
        let legend = cut(to: beside)
        return legend.width <= beside ? legend : Legend(texts: cut(to: below).texts, isBeside: false)
    }

    private func legendTexts(_ marks: [Character], for terminal: Terminal, longestName: Int) -> [String] {
        let names = series.map {
            terminal.showable($0.name).truncated(to: longestName, unicode: terminal.usesUnicode)
        }
        let width = names.map(\.displayWidth).max() ?? 0
        let numbers = series.map { series in
            series.finalValue.map { $0.isFinite ? NumberText.significant($0) : "diverged" } ?? ""
        }
        return series.indices.map { index in
            "\(marks[index]) \(names[index].padded(to: width, alignment: .left))  \(numbers[index])"
        }
    }

    /// Labels of the vertical axis by row, no two on the same.
    private func tickLabels(of scale: AxisScale) -> [Int: String] {
        let grid = PlotCanvas(columns: 1, rows: rows, marks: [], usesUnicode: true)
        var labels: [Int: String] = [:]
        for tick in scale.ticks(count: rows / 2) {
            labels[grid.row(at: scale.position(of: tick))] = NumberText.tick(tick)
        }
        return labels
    }

    /// Draws the least important curve first, so that the best stays in sight.
    private func draw(on canvas: inout PlotCanvas, _ horizontal: AxisScale, _ vertical: AxisScale) {
        let points = series.map { series in
            series.values.enumerated().map { step, value -> (x: Double, y: Double)? in
                // Of a stretch above the chart only the first point is drawn, at the edge: the curve leaves there.
                let isBeyond = value > vertical.high && step > 0 && series.values[step - 1] > vertical.high
                guard value.isFinite, !isBeyond else { return nil }
                return (horizontal.position(of: Double(step)), vertical.position(of: value))
            }
        }
        for index in series.indices.reversed() {
            canvas.draw(points[index], series: index)
        }
        for index in series.indices.reversed() {
            for column in markColumns(of: index, across: canvas.columns) {
                let share = Double(column) / Double(max(canvas.columns - 1, 1))
                let step = Int((share * Double(points[index].count - 1)).rounded())
                if points[index].indices.contains(step), let point = points[index][step] {
                    canvas.putMark(at: point, series: index)
                }
            }
        }
    }

    /// The columns where a curve has its marks, each curve's set apart from the others'.
    private func markColumns(of index: Int, across columns: Int) -> StrideTo<Int> {
        let most = hasLetters ? Self.cellsBetweenLetters : Self.cellsBetweenShapes
        let between = min(most, max(columns / 3, 1))
        let offset = between / 2 + index * between / max(series.count, 1)
        return stride(from: offset % between, to: columns, by: between)
    }

    /// Which curve's legend stands on which row: beside the curve's end, or as near as the others leave room, in the
    /// order of the ends.
    private func placeLegend(on canvas: PlotCanvas, _ scale: AxisScale) -> [Int: Int] {
        let ends = series.enumerated().map { index, series in
            (value: series.values.last(where: \.isFinite) ?? .infinity, index: index)
        }.sorted { ($1.value, $0.index) < ($0.value, $1.index) }
        var placed: [Int] = []
        for end in ends {
            placed.append(max(canvas.row(at: scale.position(of: end.value)), (placed.last ?? -1) + 1))
        }
        var limit = rows - 1
        for position in placed.indices.reversed() {
            placed[position] = min(placed[position], limit)
            limit = placed[position] - 1
        }
        return Dictionary(uniqueKeysWithValues: zip(placed, ends.map(\.index)))
    }
}
