/// Where a panel's axes lie in a picture, and where its points come to lie between them.
struct PanelFrame {
    static let width = 400.0
    static let height = 250.0
    /// Room left of the axis for its labels, right of it for names, above for the title, below for steps.
    static let margins = (left: 58.0, right: 16.0, top: 34.0, bottom: 40.0)

    let origin: (x: Double, y: Double)
    let horizontal: AxisScale
    let vertical: AxisScale

    /// Nil where nothing is finite.
    init?(_ panel: Chart.Panel, _ others: [Chart.Series] = [], at origin: (x: Double, y: Double)) {
        let points = (panel.series + panel.references + others).flatMap { $0.runs.flatMap(\.points) }
        let horizontals = points.map(\.x).filter(\.isFinite)
        let values =
            panel.extent.map { extent in [extent.lowerBound, extent.upperBound] } ?? points.map(\.y)
        guard let low = horizontals.min(), let high = horizontals.max(), let vertical = AxisScale(showing: values)
        else {
            return nil
        }
        self.origin = origin
        horizontal = AxisScale(low: low, high: high > low ? high : low + 1)
        self.vertical = vertical
    }

    var left: Double { origin.x + Self.margins.left }
    var right: Double { origin.x + Self.width - Self.margins.right }
    var top: Double { origin.y + Self.margins.top }
    var bottom: Double { origin.y + Self.height - Self.margins.bottom }

    func x(_ value: Double) -> Double { left + horizontal.position(of: value) * (right - left) }

    /// What is beyond the axis lies outside, up to once its length.
    func y(_ value: Double) -> Double { bottom - min(max(vertical.share(of: value), -1), 2) * (bottom - top) }

    /// Points in the picture, of many that share a column the lowest and the highest; those that are not finite are gaps.
    func pieces(_ run: Chart.Run) -> [[(x: Double, y: Double)]] {
        run.points.split { !($0.x.isFinite && $0.y.isFinite) }.map { piece in
            let all = piece.map { (x: x($0.x), y: y($0.y)) }
            guard all.count > 4 * Self.columns else { return all }
            let length = (all.count + Self.columns - 1) / Self.columns
            return stride(from: 0, to: all.count, by: length).flatMap { start in
                let column = all[start..<min(start + length, all.count)].enumerated()
                let ends = [column.min { $0.element.y < $1.element.y }, column.max { $0.element.y < $1.element.y }]
                return ends.compactMap(\.self).sorted { $0.offset < $1.offset }.map(\.element)
            }
        }
    }

    private static let columns = 160
}
