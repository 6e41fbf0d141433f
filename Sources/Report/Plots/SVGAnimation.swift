/// An animation as SVG that moves by itself, in any browser, without a script.
public struct SVGAnimation {
    private let animation: Animation
    private let theme: Theme

    private static let secondsPerFrame = 0.2
    /// The last picture stays a while.
    private static let framesAtTheEnd = 8

    /// - Precondition: there is a frame.
    public init(_ animation: Animation, theme: Theme = .light) {
        self.animation = animation
        self.theme = theme
    }

    /// Each picture by itself.
    public var stills: [String] {
        animation.frames.indices.map { SVGChart(animation.chart($0), theme: theme).text }
    }

    public var text: String {
        let shown =
            animation.frames
            + [(label: String, series: [Chart.Series])](
                repeating: animation.frames[animation.frames.count - 1], count: Self.framesAtTheEnd)
        let duration = "\(SVGText.number(Double(shown.count) * Self.secondsPerFrame))s"
        let names = animation.frames[0].series.map(\.name)
        let panel = SVGPanel(animation.panel, names, theme)
        let origin = (x: 0.0, y: 36.0)
        guard let frame = PanelFrame(animation.panel, animation.frames.flatMap(\.series), at: origin) else {
            return SVGChart(Chart(title: animation.title, panels: []), theme: theme).text
        }
        var lines = [SVGText.text(animation.title, x: 16, y: 28, size: 16, color: theme.text, isBold: true)]
        lines += panel.axes(frame)
        lines.append(panel.clip(frame, 0))
        lines.append("<g clip-path=\"url(#panel0)\">")
        lines += animation.panel.references.flatMap { panel.reference($0, frame) }
        for (index, series) in animation.frames[0].series.enumerated() {
            for run in series.runs.indices {
                let positions = shown.map { picture in
                    frame.pieces(picture.series[index].runs[run]).first ?? []
                }
                let values = positions.map(SVGText.points).joined(separator: ";")
                lines.append(
                    SVGText.polyline(
                        positions[0], color: theme.color(index), width: 1.2, opacity: 0.7, dashes: theme.dashes(index),
                        inside: "<animate attributeName=\"points\" dur=\"\(duration)\" repeatCount=\"indefinite\" "
                            + "calcMode=\"discrete\" values=\"\(values)\"/>"))
            }
        }
        lines.append("</g>")
        // Each label has its time.
        for (index, picture) in shown.enumerated() where index < animation.frames.count {
            let isLast = index == animation.frames.count - 1
            let values = shown.indices.map { $0 == index || isLast && $0 > index ? "visible" : "hidden" }
            let label = SVGText.text(
                picture.label, x: frame.right, y: frame.top - 12, color: theme.muted, anchor: "end")
            lines.append(
                "<g visibility=\"hidden\">\(label)<animate attributeName=\"visibility\" dur=\"\(duration)\" "
                    + "repeatCount=\"indefinite\" calcMode=\"discrete\" values=\"\(values.joined(separator: ";"))\"/></g>"
            )
        }
        return SVGText.document(
            width: PanelFrame.width, height: origin.y + PanelFrame.height, title: animation.title, theme: theme, lines)
    }
}
