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

    private let panel: Chart.Panel
    private let rows: Int?

    /// A curve that rises beyond this many times the largest first value is cut off there, so that one that diverges
    /// leaves the others their room.
    private static let risesShown = 10.0

    /// A chart of `series`, the most important first, at most as many as it has rows: without `rows`, 16, and up to 24
    /// where there are many curves to tell apart.
    ///
    /// - Parameter steps: the steps of the first and the last value, with the others evenly between; nil for 0, 1, 2, ….
    public init(title: String, series: [Series], rows: Int? = nil, steps: ClosedRange<Int>? = nil) {
        self.rows = rows
        let starts = series.compactMap { $0.values.first { $0.isFinite } }.filter { $0 > 0 }
        let last = max((series.map(\.values.count).max() ?? 0) - 1, 1)
        let span = steps ?? 0...last
        let stride = Double(span.upperBound - span.lowerBound) / Double(last)
        panel = Chart.Panel(
            title: title,
            horizontal: Chart.Axis("step", scale: .linear, extent: Double(span.lowerBound)...Double(span.upperBound)),
            vertical: Chart.Axis(ceiling: starts.max().map { $0 * Self.risesShown }),
            layers: series.map { series in
                let points = series.values.enumerated().map {
                    Chart.Point(Double(span.lowerBound) + stride * Double($0), $1)
                }
                return Chart.Layer(series.name, .line(points, .plain), value: series.finalValue)
            })
    }

    /// The chart's lines; none where no curve has a finite value to draw.
    public func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        TerminalPanel(panel, rows: rows).lines(for: terminal, indent: indent)
    }
}
