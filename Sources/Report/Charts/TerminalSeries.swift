/// What a series has to draw in characters.
struct TerminalSeries {
    var name: String
    var note: String?
    var value: Double?
    var lines: [[Chart.Point]] = []
    var bandEdges: [[Chart.Point]] = []
    var points: [Chart.Point] = []
    var crosses: [Chart.Point] = []
    var bars: [Chart.Bar] = []

    /// Where its legend belongs: beside its end.
    var end: Double { (lines.last ?? points).last(where: \.y.isFinite)?.y ?? .infinity }

    /// The series of a panel, the most important first.
    static func of(_ panel: Chart.Panel) -> [TerminalSeries] {
        var all: [TerminalSeries] = []
        let shaded = panel.layers.contains { $0.shade != nil }
        // Of shades, the best come last.
        let layers = shaded ? panel.layers.reversed() : panel.layers
        for layer in layers where !layer.marks.isReference {
            if case .notes = layer.marks { continue }
            // Shaded ones may share a name, and are each by themselves.
            var index = shaded ? nil : all.firstIndex { $0.name == layer.series }
            if index == nil {
                all.append(TerminalSeries(name: layer.series))
                index = all.count - 1
            }
            if let index { all[index].add(layer) }
        }
        return all
    }

    private mutating func add(_ layer: Chart.Layer) {
        note = note ?? layer.note
        value = value ?? layer.value
        switch layer.marks {
        case .line(let points, _): lines.append(points)
        case .band(let intervals):
            bandEdges.append(intervals.map { Chart.Point($0.x, $0.low) })
            bandEdges.append(intervals.map { Chart.Point($0.x, $0.high) })
        case .points(let points, .cross): crosses += points
        case .points(let points, _): self.points += points
        case .bars(let bars): self.bars += bars
        case .notes: break
        }
    }
}

/// The marks by which series are told apart without colours.
struct TerminalMarks {
    let count: Int

    private static let cellsBetweenShapes = 16
    private static let cellsBetweenLetters = 10

    /// A few have shapes; many, whose shapes could not be told apart, have letters.
    func characters(usesUnicode: Bool) -> [Character] {
        let shapes = usesUnicode ? "●○▲□" : "*o+x"
        return Array((hasLetters ? "abcdefghijklmnopqrstuvwxyz" : shapes).prefix(count))
    }

    private var hasLetters: Bool { count > 4 }

    /// The columns where a curve has its marks, each curve's set apart from the others'.
    func columns(of index: Int, across columns: Int) -> StrideTo<Int> {
        let most = hasLetters ? Self.cellsBetweenLetters : Self.cellsBetweenShapes
        let between = min(most, max(columns / 3, 1))
        let offset = between / 2 + index * between / max(count, 1)
        return stride(from: offset % between, to: columns, by: between)
    }
}

/// The mark, the name, the final value and what else there is to tell of each series.
struct TerminalLegend {
    private(set) var texts: [String]
    /// Whether it stands beside the ends of the curves; else, below the chart.
    private(set) var isBeside = true

    private static let longestName = 32
    private static let shortestName = 8

    var width: Int { texts.map(\.displayWidth).max() ?? 0 }

    private init(texts: [String]) { self.texts = texts }

    /// The legend beside the chart in at most `beside` columns, where names can be cut so far; else below it.
    init(_ series: [TerminalSeries], _ marks: TerminalMarks, for terminal: Terminal, beside: Int, below: Int) {
        func cut(to width: Int) -> TerminalLegend {
            let whole = Self.texts(series, marks, for: terminal, longestName: Self.longestName)
            let longest = series.map { min(terminal.showable($0.name).displayWidth, Self.longestName) }.max() ?? 0
            let room = longest - max(0, TerminalLegend(texts: whole).width - width)
            let name = max(room, min(longest, Self.shortestName))
            return TerminalLegend(texts: Self.texts(series, marks, for: terminal, longestName: name))
        }
        let legend = cut(to: beside)
        isBeside = legend.width <= beside
        texts = isBeside ? legend.texts : cut(to: below).texts
    }

    private static func texts(
        _ series: [TerminalSeries], _ marks: TerminalMarks, for terminal: Terminal, longestName: Int
    ) -> [String] {
        let marks = marks.characters(usesUnicode: terminal.usesUnicode)
        let names = series.map {
            terminal.showable($0.name).truncated(to: longestName, unicode: terminal.usesUnicode)
        }
        let numbers = series.map { series in
            series.value.map { $0.isFinite ? NumberText.significant($0) : "diverged" } ?? ""
        }
        let width = names.map(\.displayWidth).max() ?? 0
        let hasNumbers = numbers.contains { !$0.isEmpty }
        let numberWidth = numbers.map(\.count).max() ?? 0
        return series.indices.map { index in
            let name = "\(marks[index]) \(names[index].padded(to: width, alignment: .left))"
            guard let note = series[index].note.map(terminal.showable) else { return "\(name)  \(numbers[index])" }
            return name + (hasNumbers ? "  \(numbers[index].padded(to: numberWidth, alignment: .left))" : "")
                + "  \(note)"
        }
    }

    /// Which series' text stands on which row: beside the curve's end, or as near as the others leave room, in the order
    /// of the ends.
    func rows(on canvas: PlotCanvas, _ scale: AxisScale, _ series: [TerminalSeries]) -> [Int: Int] {
        let ends = series.enumerated().map { (value: $1.end, index: $0) }
            .sorted { ($1.value, $0.index) < ($0.value, $1.index) }
        var placed: [Int] = []
        for end in ends {
            placed.append(max(canvas.row(at: scale.position(of: end.value)), (placed.last ?? -1) + 1))
        }
        var limit = canvas.rows - 1
        for position in placed.indices.reversed() {
            placed[position] = min(placed[position], limit)
            limit = placed[position] - 1
        }
        return Dictionary(uniqueKeysWithValues: zip(placed, ends.map(\.index)))
    }
}
