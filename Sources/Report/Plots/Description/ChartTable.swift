import Wording

extension Chart {
    /// What a panel shows, in numbers: for those who cannot see it, and for those who want to take it along.
    public struct Table: Sendable, Equatable {
        public var title: String
        public var columns: [String]
        public var rows: [[String]]
    }

    /// A table for each panel: of curves some steps, of which the first and the last are two, and of single runs that
    /// others sum up nothing; of points and bars all, up to a thousand rows.
    public var tables: [Table] { panels.map(\.table) }
}

extension Chart.Panel {
    private static let stepsShown = 20
    private static let mostRows = 1000

    /// Of a panel all of whose lines are thin, they are what it shows.
    fileprivate var table: Chart.Table {
        let summed = Set(layers.filter(\.marks.isSum).map(\.series))
        let bands = Dictionary(
            layers.compactMap { layer -> (String, [Double: Chart.Interval])? in
                guard case .band(let intervals) = layer.marks else { return nil }
                return (layer.series, Dictionary(intervals.map { ($0.x, $0) }) { $1 })
            }, uniquingKeysWith: { $1 })
        let hasBands = !bands.isEmpty
        let upright = vertical.title.isEmpty ? title : vertical.title
        var rows: [[String]] = []
        for layer in layers where !(layer.marks.isThin && summed.contains(layer.series)) {
            let name = layer.note.map { "\(layer.series) (\($0))" } ?? layer.series
            switch layer.marks {
            case .line(let points, _):
                for point in Self.chosen(points) {
                    var row = [name, horizontal.text(point.x), vertical.text(point.y)]
                    if hasBands {
                        let interval = bands[layer.series]?[point.x]
                        row += [
                            interval.map { vertical.text($0.low) } ?? "", interval.map { vertical.text($0.high) } ?? "",
                        ]
                    }
                    rows.append(row)
                }
            case .points(let points, let symbol):
                let what = symbol == .cross ? "\(name), diverged" : name
                rows += points.map { [what, horizontal.text($0.x), vertical.text($0.y)] + (hasBands ? ["", ""] : []) }
            case .bars(let bars):
                rows += bars.map { bar in
                    let range = "\(horizontal.text(bar.range.lowerBound)) to \(horizontal.text(bar.range.upperBound))"
                    return [name, range, vertical.text(bar.height)] + (hasBands ? ["", ""] : [])
                }
            case .band, .notes: break
            }
        }
        var heading = title
        if rows.count > Self.mostRows {
            heading += " (the first \(counted(Self.mostRows, "row")) of \(rows.count))"
            rows = Array(rows.prefix(Self.mostRows))
        }
        let columns =
            ["series", horizontal.title.isEmpty ? "horizontal" : horizontal.title, upright]
            + (hasBands ? ["95% from", "95% to"] : [])
        return Chart.Table(title: heading, columns: columns, rows: rows)
    }

    /// Some of the points, evenly apart, with the first and the last.
    private static func chosen(_ points: [Chart.Point]) -> [Chart.Point] {
        guard points.count > stepsShown else { return points }
        return (0..<stepsShown).map { points[$0 * (points.count - 1) / (stepsShown - 1)] }
    }
}

extension Chart.Axis {
    /// A number of this axis, or its name.
    func text(_ value: Double) -> String {
        if let index = Int(exactly: value.rounded()), categories.indices.contains(index) { return categories[index] }
        if value == value.rounded(), abs(value) < 1e7 { return NumberText.tick(value, digits: 8) }
        return NumberText.significant(value)
    }
}
