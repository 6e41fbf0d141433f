/// One panel of a chart as SVG.
struct SVGPanel {
    private let panel: Chart.Panel
    private let names: [String]
    private let theme: Theme

    /// - Parameter names: of all series of the picture, by which they have their colours.
    init(_ panel: Chart.Panel, _ names: [String], _ theme: Theme) {
        self.panel = panel
        self.names = names
        self.theme = theme
    }

    /// - Parameters:
    ///   - labels: what stands beside the ends of lines; empty where a legend says it.
    ///   - columns: how finely lines are drawn.
    func lines(at place: PanelFrame.Place, labels: EndLabels?, columns: Int) -> [String] {
        guard let frame = PanelFrame(panel, at: place, beside: labels?.room ?? 0) else {
            let text = TextWidth.cut("\(panel.title): no finite value", to: place.width - 32, size: 11)
            return [SVGText.text(text, x: place.x + 16, y: place.y + 20, color: theme.color(.muted))]
        }
        let order = panel.layers.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
        var lines = axes(frame)
        lines += clipped(frame, order.flatMap { self.lines(of: $0.element, frame, columns: columns) })
        lines += references(frame) + notes(frame)
        return lines + (labels?.lines(frame, theme, color: color, dashes: dashes) ?? [])
    }

    func clipped(_ frame: PanelFrame, _ lines: [String]) -> [String] {
        SVGText.clipped(
            x: frame.left - 4, y: frame.top - 4, width: frame.right - frame.left + 8,
            height: frame.bottom - frame.top + 8, lines)
    }

    private func color(_ series: String) -> String { theme.color(names.firstIndex(of: series) ?? 0) }
    private func dashes(_ series: String) -> String? { theme.dashes(names.firstIndex(of: series) ?? 0) }
    private func color(of layer: Chart.Layer) -> String { layer.shade.map(theme.shade) ?? color(layer.series) }

    func lines(of layer: Chart.Layer, _ frame: PanelFrame, columns: Int) -> [String] {
        let color = color(of: layer)
        switch layer.marks {
        case .line(let points, .reference):
            return frame.pieces(points, columns: columns).map {
                SVGText.polyline($0, color: theme.color(.muted), width: 1.4, dashes: "5 4")
            }
        case .line(let points, let weight):
            let (width, opacity) = weight.stroke
            return frame.pieces(points, columns: columns).map { piece in
                // A line of one point would not be seen.
                if piece.count == 1 {
                    return SVGText.dot(piece[0], color: color, radius: width + 0.8, opacity: opacity)
                }
                return SVGText.polyline(
                    piece, color: color, width: width, opacity: opacity, dashes: dashes(layer.series))
            }
        case .band(let intervals): return band(intervals, frame, color: color, columns: columns)
        case .points(let points, let symbol):
            return points.filter(\.isFinite).map { mark($0, symbol, frame, color: color) }
        case .bars(let bars):
            return bars.filter { $0.height.isFinite }.map { bar in
                let (left, right) = (frame.x(bar.range.lowerBound) + 0.5, frame.x(bar.range.upperBound) - 0.5)
                let (top, bottom) = (frame.y(max(bar.height, 0)), frame.y(min(bar.height, 0)))
                return "<rect x=\"\(SVGText.number(left))\" y=\"\(SVGText.number(top))\" "
                    + "width=\"\(SVGText.number(max(right - left, 0.5)))\" height=\"\(SVGText.number(bottom - top))\" "
                    + "fill=\"\(color)\"/>"
            }
        case .notes: return []
        }
    }

    private func band(_ intervals: [Chart.Interval], _ frame: PanelFrame, color: String, columns: Int) -> [String] {
        intervals.split { !($0.x.isFinite && $0.low.isFinite && $0.high.isFinite) }.map { piece in
            let columns = max(columns / 2, 20)
            let low = Thinning.thinned(piece.map { (x: frame.x($0.x), y: frame.y($0.low)) }, columns: columns)
            let high = Thinning.thinned(piece.map { (x: frame.x($0.x), y: frame.y($0.high)) }, columns: columns)
            if piece.count == 1 { return SVGText.polyline(high + low, color: color, width: 5, opacity: 0.3) }
            return SVGText.area(high + low.reversed(), color: color, opacity: 0.18)
        }
    }

    /// What lies beyond the axes has its mark at their edge.
    private func mark(_ point: Chart.Point, _ symbol: Chart.Symbol, _ frame: PanelFrame, color: String) -> String {
        let x = min(max(frame.x(point.x), frame.left), frame.right)
        let y = min(max(frame.y(point.y), frame.top), frame.bottom)
        switch symbol {
        case .dot:
            return SVGText.dot((x, y), color: color, radius: 2.4, opacity: 0.8)
        case .ring:
            return "<circle cx=\"\(SVGText.number(x))\" cy=\"\(SVGText.number(y))\" r=\"3.4\" "
                + "fill=\"\(theme.color(.background))\" stroke=\"\(color)\" stroke-width=\"1.6\"/>"
        case .cross:
            let arms = [(-4.0, -4.0, 4.0, 4.0), (-4, 4, 4, -4)].map { arm in
                "M\(SVGText.number(x + arm.0)) \(SVGText.number(y + arm.1))"
                    + "L\(SVGText.number(x + arm.2)) \(SVGText.number(y + arm.3))"
            }
            return "<path d=\"\(arms.joined())\" stroke=\"\(color)\" stroke-width=\"1.8\" fill=\"none\"/>"
        }
    }

    /// Their names, at their ends, each where no other is.
    private func references(_ frame: PanelFrame) -> [String] {
        var taken: [Double] = []
        return panel.layers.filter(\.marks.isReference).compactMap { layer in
            guard !layer.series.isEmpty, let last = layer.marks.points.last(where: \.isFinite) else { return nil }
            let text = TextWidth.cut(layer.series, to: (frame.right - frame.left) / 2, size: 10)
            let above = frame.y(last.y) - 5
            let below = above + 16
            let away = (0...8).map { 13 * Double($0) }
            let places = away.flatMap { [above - $0, below + $0] }
            guard
                let y = places.first(where: { y in
                    y > frame.top + 8 && y < frame.bottom - 3 && taken.allSatisfy { abs($0 - y) >= 13 }
                })
            else { return nil }
            taken.append(y)
            return SVGText.text(
                text, x: frame.right - 2, y: y, size: 10, color: theme.color(.muted), anchor: "end",
                whole: layer.series, halo: theme.color(.background))
        }
    }

    private func notes(_ frame: PanelFrame) -> [String] {
        panel.layers.flatMap { layer -> [String] in
            guard case .notes(let notes) = layer.marks else { return [] }
            return notes.filter(\.place.isFinite).map { note in
                let x = frame.x(note.place.x)
                let isLast = x > frame.right - 40
                let text = TextWidth.cut(note.text, to: 110, size: 10)
                return SVGText.text(
                    text, x: x + (isLast ? -5 : 5), y: frame.y(note.place.y) + 3.5, size: 10,
                    color: theme.color(.muted), anchor: isLast ? "end" : "start", whole: note.text,
                    halo: theme.color(.background))
            }
        }
    }

    /// Title, labels and grid.
    func axes(_ frame: PanelFrame) -> [String] {
        let scale = frame.scales.vertical.isLogarithmic ? " (log scale)" : ""
        let unit =
            panel.vertical.title.isEmpty ? "" : panel.title.isEmpty ? panel.vertical.title : ": \(panel.vertical.title)"
        let heading = panel.title + unit + scale
        let start = frame.left - (panel.vertical.categories.isEmpty ? 0 : frame.left * 0.5)
        var lines = [
            SVGText.text(
                TextWidth.cut(heading, to: (frame.right - start) / 1.08, size: 12), x: start, y: frame.top - 12,
                size: 12,
                color: theme.color(.text), isBold: true, whole: heading)
        ]
        for tick in frame.verticalTicks {
            let y = frame.y(tick.value)
            lines.append(SVGText.line((frame.left, y), (frame.right, y), color: theme.color(.grid)))
            lines.append(
                SVGText.text(
                    tick.text, x: frame.left - 6, y: y + 4, color: theme.color(.muted), anchor: "end",
                    whole: tick.whole))
        }
        for tick in frame.horizontalTicks {
            let x = frame.x(tick.value)
            // A label at the very end would leave the picture.
            let isLast = x + TextWidth.of(tick.text, size: PanelFrame.labelSize) / 2 > frame.right + 14
            lines.append(SVGText.line((x, frame.bottom), (x, frame.bottom + 4), color: theme.color(.muted)))
            lines.append(
                SVGText.text(
                    tick.text, x: isLast ? frame.right + 14 : x, y: frame.bottom + 16, color: theme.color(.muted),
                    anchor: isLast ? "end" : "middle", whole: tick.whole))
        }
        lines.append(
            SVGText.line((frame.left, frame.bottom), (frame.right, frame.bottom), color: theme.color(.muted)))
        let below = panel.horizontal.title + (frame.scales.horizontal.isLogarithmic ? " (log scale)" : "")
        lines.append(
            SVGText.text(
                TextWidth.cut(below, to: frame.right - frame.left, size: 10), x: frame.right, y: frame.bottom + 30,
                size: 10, color: theme.color(.muted), anchor: "end", whole: below))
        return lines
    }
}

extension Chart.Layer {
    /// What is drawn beneath what: bands, single runs, references, what sums up, marks.
    fileprivate var depth: Int {
        switch marks {
        case .band, .bars: 0
        case .line(_, .thin): 1
        case .line(_, .reference): 2
        case .line: 3
        case .points, .notes: 4
        }
    }
}

extension Chart.Weight {
    var stroke: (width: Double, opacity: Double) {
        switch self {
        case .thin: (0.8, 0.4)
        case .plain, .reference: (1.6, 1)
        case .bold: (2.4, 1)
        }
    }
}
