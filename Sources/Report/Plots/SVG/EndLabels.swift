/// The names of lines beside their ends, each on a height of its own.
struct EndLabels {
    private struct Label {
        var series: String
        var text: String
        var whole: String
        var end: Chart.Point
    }

    private static let lineHeight = 15.0
    private static let size = 11.0
    private static let swatch = 16.0

    private let labels: [Label]
    /// What they take right of the axes.
    let room: Double

    /// Nil where the panel has none to label, or they have no room.
    init?(_ panel: Chart.Panel, width: Double, height: Double) {
        guard panel.vertical.categories.isEmpty else { return nil }
        var seen: Set<String> = []
        // What sums up comes last, and is what is labelled.
        let named = panel.layers.reversed().filter {
            !$0.marks.isThin && $0.marks.isLine && $0.shade == nil && !$0.series.isEmpty
        }.filter { seen.insert($0.series).inserted }.reversed()
        guard !named.isEmpty, Double(named.count) * Self.lineHeight <= height else { return nil }
        let widest = width * 0.34
        labels = named.compactMap { layer in
            guard let end = layer.marks.points.last(where: \.isFinite) else { return nil }
            let whole = layer.note.map { "\(layer.series) (\($0))" } ?? layer.series
            return Label(
                series: layer.series, text: TextWidth.cut(whole, to: widest, size: Self.size), whole: whole, end: end)
        }
        guard !labels.isEmpty else { return nil }
        room = (labels.map { TextWidth.of($0.text, size: Self.size) }.max() ?? 0) + Self.swatch + 22
    }

    /// Which series they name.
    var names: Set<String> { Set(labels.map(\.series)) }

    func lines(
        _ frame: PanelFrame, _ theme: Theme, color: (String) -> String, dashes: (String) -> String?
    ) -> [String] {
        let ends = labels.map { label in
            (label: label, y: min(max(frame.y(label.end.y), frame.top), frame.bottom))
        }.sorted { $0.y < $1.y }
        let places = Self.apart(ends.map(\.y), in: frame.top...frame.bottom)
        let left = frame.right + 8
        return zip(ends, places).flatMap { end, y in
            let label = end.label
            return [
                SVGText.polyline(
                    [(left, y), (left + Self.swatch, y)], color: color(label.series), width: 2.4,
                    dashes: dashes(label.series)),
                SVGText.text(
                    label.text, x: left + Self.swatch + 5, y: y + 4, color: theme.color(.text), whole: label.whole),
            ]
        }
    }

    /// Heights, given in ascending order, moved as far as it takes for a line's height between any two.
    static func apart(_ heights: [Double], in range: ClosedRange<Double>) -> [Double] {
        var places: [Double] = []
        for height in heights { places.append(max(height, (places.last ?? -.infinity) + lineHeight)) }
        var limit = range.upperBound
        for index in places.indices.reversed() {
            places[index] = min(places[index], limit)
            limit = places[index] - lineHeight
        }
        return places
    }
}
