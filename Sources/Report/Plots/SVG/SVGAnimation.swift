/// An animation as SVG that moves by itself, in any browser, without a script.
public struct SVGAnimation {
    private let animation: Animation
    private let theme: Theme

    private static let secondsPerFrame = 0.2
    /// The last picture stays a while.
    private static let framesAtTheEnd = 8
    private static let place = PanelFrame.Place(x: 0, y: 36, width: 480, height: 290)

    /// - Precondition: there is a frame.
    public init(_ animation: Animation, theme: Theme = .light) {
        self.animation = animation
        self.theme = theme
    }

    /// Each picture by itself.
    public var stills: [String] {
        animation.frames.indices.map { animation.chart($0).svg(theme: theme, width: Self.place.width) }
    }

    public var text: String {
        let shown =
            animation.frames
            + [(label: String, layers: [Chart.Layer])](
                repeating: animation.frames[animation.frames.count - 1], count: Self.framesAtTheEnd)
        let duration = "\(SVGText.number(Double(shown.count) * Self.secondsPerFrame))s"
        let names = animation.chart(0).seriesNames
        let panel = SVGPanel(animation.panel, names, theme)
        guard
            let frame = PanelFrame(animation.panel, also: animation.frames.flatMap(\.layers), at: Self.place)
        else { return Chart(title: animation.title, panels: []).svg(theme: theme, width: Self.place.width) }
        var lines = [
            SVGText.text(
                TextWidth.cut(animation.title, to: Self.place.width - 32, size: 17), x: 16, y: 28, size: 16,
                color: theme.color(.text), isBold: true, whole: animation.title)
        ]
        lines += panel.axes(frame)
        var moving = animation.panel.layers.flatMap { panel.lines(of: $0, frame, columns: 160) }
        for (index, layer) in animation.frames[0].layers.enumerated() {
            let series = names.firstIndex(of: layer.series) ?? 0
            let positions = shown.map { frame.pieces($0.layers[index].marks.points, columns: 160).first ?? [] }
            let values = positions.map(SVGText.points).joined(separator: ";")
            moving.append(
                SVGText.polyline(
                    positions[0], color: theme.color(series), width: 1.2, opacity: 0.7, dashes: theme.dashes(series),
                    inside: "<animate attributeName=\"points\" dur=\"\(duration)\" repeatCount=\"indefinite\" "
                        + "calcMode=\"discrete\" values=\"\(values)\"/>"))
        }
        lines += panel.clipped(frame, moving)
        // Each label has its time.
        for (index, picture) in shown.enumerated() where index < animation.frames.count {
            let isLast = index == animation.frames.count - 1
            let values = shown.indices.map { $0 == index || isLast && $0 > index ? "visible" : "hidden" }
            let label = SVGText.text(
                picture.label, x: frame.right, y: frame.top - 12, color: theme.color(.muted), anchor: "end")
            lines.append(
                "<g visibility=\"hidden\">\(label)<animate attributeName=\"visibility\" dur=\"\(duration)\" "
                    + "repeatCount=\"indefinite\" calcMode=\"discrete\" values=\"\(values.joined(separator: ";"))\"/></g>"
            )
        }
        return SVGText.document(
            width: Self.place.width, height: Self.place.y + Self.place.height, title: animation.title,
            description: "\(animation.panel.title), in \(animation.frames.count) pictures.", theme: theme, lines)
    }
}
