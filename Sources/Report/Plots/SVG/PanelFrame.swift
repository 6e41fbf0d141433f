/// Where a panel's axes lie in a picture, and where its points come to lie between them.
struct PanelFrame {
    struct Place {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    /// Labels at round numbers, or names, along an axis.
    struct Tick {
        var value: Double
        var text: String
        /// The text before it was cut.
        var whole: String
    }

    static let labelSize = 11.0
    private static let heading = 30.0
    private static let foot = 36.0
    /// Names beside an axis get at most this share of the width.
    private static let nameShare = 0.3

    let scales: PanelScales
    let verticalTicks: [Tick]
    let horizontalTicks: [Tick]
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    /// - Parameters:
    ///   - others: what will be drawn beside the panel's layers.
    ///   - beside: the room right of the axes, for labels.
    /// Nil where nothing is finite.
    init?(_ panel: Chart.Panel, also others: [Chart.Layer] = [], at place: Place, beside: Double = 0) {
        guard let scales = PanelScales(panel, also: others) else { return nil }
        self.scales = scales
        top = place.y + Self.heading
        bottom = place.y + place.height - Self.foot
        verticalTicks = Self.ticks(
            panel.vertical, scales.vertical, count: max(2, Int((bottom - top) / 34)),
            width: place.width * Self.nameShare)
        let labels = verticalTicks.map { TextWidth.of($0.text, size: Self.labelSize) }.max() ?? 0
        left = place.x + labels + 16
        right = place.x + place.width - max(beside, 16)
        horizontalTicks = Self.fitting(panel.horizontal, scales.horizontal, width: right - left)
    }

    func x(_ value: Double) -> Double { left + min(max(scales.horizontal.share(of: value), -1), 2) * (right - left) }

    /// What is beyond the axis lies outside, up to once its length.
    func y(_ value: Double) -> Double { bottom - min(max(scales.vertical.share(of: value), -1), 2) * (bottom - top) }

    /// Lines of points in the picture; those that are not finite are gaps.
    ///
    /// - Parameter columns: how finely, at most; see ``Thinning``.
    func pieces(_ points: [Chart.Point], columns: Int = 400) -> [[(x: Double, y: Double)]] {
        Thinning.pieces(points).map { piece in
            Thinning.thinned(piece.map { (x: x($0.x), y: y($0.y)) }, columns: columns)
        }
    }

    private static func ticks(_ axis: Chart.Axis, _ scale: AxisScale, count: Int, width: Double) -> [Tick] {
        if axis.hidesTicks { return [] }
        guard axis.categories.isEmpty else {
            return axis.categories.enumerated().map { index, name in
                Tick(value: Double(index), text: TextWidth.cut(name, to: width, size: labelSize), whole: name)
            }
        }
        let values = scale.ticks(count: count)
        return zip(values, NumberText.ticks(values)).map { Tick(value: $0, text: $1, whole: $1) }
    }

    /// As many labels below an axis as stand beside one another.
    private static func fitting(_ axis: Chart.Axis, _ scale: AxisScale, width: Double) -> [Tick] {
        let room = axis.categories.isEmpty ? width : width / Double(axis.categories.count) - 6
        for count in stride(from: max(2, Int(width / 60)), through: 1, by: -1) {
            let ticks = ticks(axis, scale, count: count, width: room)
            let ends = ticks.map { tick in
                let half = TextWidth.of(tick.text, size: labelSize) / 2
                let middle = scale.position(of: tick.value) * width
                return (start: middle - half, end: middle + half)
            }
            if !axis.categories.isEmpty || zip(ends, ends.dropFirst()).allSatisfy({ $0.end + 8 <= $1.start }) {
                return ticks
            }
        }
        return []
    }
}
