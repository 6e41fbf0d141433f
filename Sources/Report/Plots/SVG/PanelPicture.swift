/// One panel of a chart as an SVG element of a page, without a heading and a legend, which the page has itself; in
/// ``Theme/page``, so that one picture serves dark and light.
public struct PanelPicture: Sendable {
    /// The element.
    public let text: String
    /// Where its axes lie; nil where nothing is finite, so that there are none.
    public let axes: Axes?

    /// Where the axes of a picture lie, so that a page can tell what a place in it stands for.
    public struct Axes: Sendable, Equatable {
        /// What the horizontal axis shows.
        public var extent: ClosedRange<Double>
        /// Its two ends, in units of the picture.
        public var horizontal: ClosedRange<Double>
        /// The upper and the lower edge, likewise.
        public var vertical: ClosedRange<Double>
    }

    /// How many colours there are: one series shares its colour with the one so many places on.
    public static var colours: Int { Theme.seriesCount }

    private static let size = (width: 430.0, height: 250.0)

    /// - Parameters:
    ///   - panel: what to draw.
    ///   - names: of all series of the page, so that each has one colour in all its pictures.
    public init(_ panel: Chart.Panel, names: [String]) {
        let place = PanelFrame.Place(x: 0, y: 0, width: Self.size.width, height: Self.size.height)
        let lineCount = panel.layers.count { $0.marks.isLine }
        let columns = (8000 / max(lineCount, 1)).clamped(to: 40...400)
        let lines = SVGPanel(panel, names, .page).lines(at: place, labels: nil, columns: columns)
        let frame = PanelFrame(panel, at: place)
        axes = frame.map { frame in
            let scale = frame.scales.horizontal
            return Axes(
                extent: scale.low...scale.high, horizontal: frame.left...frame.right, vertical: frame.top...frame.bottom
            )
        }
        text = Self.element(
            name: "chart", "role=\"img\"", width: Self.size.width, height: frame == nil ? 40 : Self.size.height,
            "<title>\(SVGText.escaped(panel.title))</title>\(lines.joined())")
    }

    /// What the series of this place among all names is drawn with, as a line of a legend.
    public init(swatch index: Int) {
        axes = nil
        text = Self.element(
            name: "swatch", "aria-hidden=\"true\"", width: 22, height: 8,
            SVGText.polyline(
                [(0, 4), (22, 4)], color: Theme.page.color(index), width: 3, dashes: Theme.page.dashes(index)))
    }

    /// How far something has come, as a bar.
    ///
    /// - Parameter shares: of the whole, each with the name of its class.
    public init(bar shares: [(name: StaticString, share: Double)]) {
        var start = 0.0
        var pieces = "<rect class=\"rest\" width=\"100\" height=\"8\"/>"
        for (name, share) in shares where share > 0 {
            pieces +=
                "<rect class=\"\(name)\" x=\"\(SVGText.number(start * 100))\" width=\"\(SVGText.number(share * 100))\" "
                + "height=\"8\"/>"
            start += share
        }
        axes = nil
        text = Self.element(
            name: "bar", "aria-hidden=\"true\" preserveAspectRatio=\"none\"", width: 100, height: 8, pieces)
    }

    private static func element(
        name: StaticString, _ attributes: StaticString, width: Double, height: Double, _ content: String
    ) -> String {
        let (width, height) = (SVGText.number(width), SVGText.number(height))
        return "<svg class=\"\(name)\" \(attributes) viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
            + "height=\"\(height)\">\(content)</svg>"
    }
}
