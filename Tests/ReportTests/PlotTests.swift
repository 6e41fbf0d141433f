import Foundation
import Testing

@testable import Report

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Elements of an SVG that must be well formed.
final class SVGElements: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""
    }

    private(set) var all: [Element] = []
    private var open: [Int] = []

    init?(_ document: String) {
        super.init()
        let parser = XMLParser(data: Data(document.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func named(_ name: String) -> [Element] { all.filter { $0.name == name } }
    var text: String { all.map(\.text).joined(separator: "\n") }

    /// What is seen of texts: where each stands, as far as its letters are known.
    var labels: [(text: String, x: ClosedRange<Double>, y: ClosedRange<Double>)] {
        named("text").filter { $0.attributes["aria-hidden"] == nil }.map { element in
            let number = { (name: String) in Double(element.attributes[name] ?? "") ?? 0 }
            let width = TextWidth.of(element.text, size: number("font-size"))
            let start =
                switch element.attributes["text-anchor"] {
                case "end": number("x") - width
                case "middle": number("x") - width / 2
                default: number("x")
                }
            let y = number("y")
            return (element.text, start...(start + width), (y - number("font-size") * 0.8)...(y + 1))
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(all.count)
        all.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if let last = open.last { all[last].text += string }
    }
}

/// Charts to draw.
enum Charts {
    static func points(_ values: [Double]) -> [Chart.Point] {
        values.enumerated().map { Chart.Point(Double($0), $1) }
    }

    static func line(_ name: String, _ values: [Double], _ weight: Chart.Weight = .plain, note: String? = nil)
        -> Chart.Layer
    {
        Chart.Layer(name, .line(points(values), weight), note: note)
    }

    static func panel(_ layers: [Chart.Layer], vertical: Chart.Axis = Chart.Axis()) -> Chart.Panel {
        Chart.Panel(title: "loss", horizontal: .steps, vertical: vertical, layers: layers)
    }
}

@Suite("Charts as SVG")
struct PlotTests {
    private static let chart = Chart(
        title: "a <b> & \"c\"\u{1}", caption: "What there is to know.",
        panels: [
            Charts.panel([
                Charts.line("bound", [0.5, 0.5, 0.5], .reference),
                Charts.line("adam", [3, 2, 1], .thin), Charts.line("adam", [5, 4, 3], .thin),
                Chart.Layer(
                    "adam", .band([Chart.Interval(0, 3, 5), Chart.Interval(1, 2, 4), Chart.Interval(2, 1, 3)])),
                Charts.line("adam", [4, 3, 2], .bold, note: "n = 2"),
                Charts.line("sgd", [3, 4, .infinity]), Chart.Layer("sgd", .points([Chart.Point(1, 4)], .cross)),
            ]),
            Chart.Panel(title: "nothing", horizontal: .steps, layers: [Charts.line("adam", [.nan])]),
        ])

    @Test(arguments: Theme.allCases)
    func panelsAreDrawn(theme: Theme) throws {
        let drawing = Self.chart.svg(theme: theme)
        let found = try #require(SVGElements(drawing))
        // A reference, two single runs, a mean, one more run, and two lines of the legend.
        #expect(found.named("polyline").count == 1 + 2 + 1 + 1 + 2)
        #expect(found.named("polygon").count == 1)
        #expect(found.named("path").count == 1)
        for word in [
            "a <b> & \"c\" ", "adam (n = 2)", "sgd", "bound", "loss", "nothing: no finite value",
            "What there is to know. Thin: single runs.",
        ] {
            #expect(found.text.contains(word), "\(word)")
        }
        let root = found.all[0]
        #expect(root.attributes["role"] == "img" && root.attributes["aria-label"] == "a <b> & \"c\" ")
        #expect(found.all[1].name == "title" && found.all[2].name == "desc")
        #expect(drawing.contains("var(") == (theme == .page))
        #expect(!found.all.contains { $0.attributes["id"] != nil })
    }

    /// Values on known axes come to lie where they belong.
    @Test func pointsLieWhereTheyBelong() throws {
        let panel = Charts.panel([Charts.line("a", [0, 5, 10])], vertical: Chart.Axis(extent: 0...10))
        let frame = try #require(PanelFrame(panel, at: .init(x: 100, y: 50, width: 400, height: 250)))
        #expect((frame.x(0), frame.x(2)) == (frame.left, frame.right))
        #expect((frame.y(0), frame.y(5), frame.y(10)) == (frame.bottom, (frame.bottom + frame.top) / 2, frame.top))
        #expect(frame.left > 100 && frame.right < 500 && frame.top > 50 && frame.bottom < 300)
        let drawing = Chart(title: "t", panels: [panel]).svg(width: 400)
        let line = try #require(SVGElements(drawing)?.named("polyline").first?.attributes["points"])
        let places = line.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(places.count == 3)
        #expect(abs(places[1][0] - (places[0][0] + places[2][0]) / 2) <= 0.1)
        #expect(abs(places[1][1] - (places[0][1] + places[2][1]) / 2) <= 0.1)

        let decades = Charts.panel([Charts.line("a", [1, 10, 100])], vertical: Chart.Axis(scale: .logarithmic))
        let scales = try #require(PanelScales(decades))
        #expect(scales.vertical.isLogarithmic && abs(scales.vertical.share(of: 10) - 0.5) < 1e-12)
        let linear = try #require(
            PanelScales(Charts.panel([Charts.line("a", [1, 10, 100])], vertical: Chart.Axis(scale: .linear))))
        #expect(!linear.vertical.isLogarithmic)
    }

    /// No two labels overlap, and none is cut by an edge, be names long or many and numbers large or close.
    @Test(arguments: [400.0, 800], [1, 3, 7, 24])
    func labelsStandApart(width: Double, count: Int) throws {
        for (scale, values) in [
            (1.0, [1.0, 2, 3]), (1e-300, [1, 5, 7]), (1e290, [1, 2, 9]), (1, [1, 1 + 1e-12, 1]),
        ] {
            let names = (0..<count).map { index in
                index % 2 == 0
                    ? "optimizer \(index)" : "an optimizer of a name that goes on & on, number \(index) of all"
            }
            let layers = names.map { Charts.line($0, values.map { $0 * scale }, note: "n = 10") }
            for panels in [1, 3] {
                let chart = Chart(
                    title:
                        "A title that is far longer than there is room for in any picture of this width, or of another",
                    caption: "Some words that say what is to be known of it, and then some more, and more again.",
                    panels: Array(
                        repeating: Charts.panel(layers + [Charts.line("bound", [2 * scale, 2 * scale], .reference)]),
                        count: panels))
                let labels = try #require(SVGElements(chart.svg(width: width))).labels
                #expect(labels.allSatisfy { $0.x.lowerBound >= 0 && $0.x.upperBound <= width })
                for (index, one) in labels.enumerated() {
                    for other in labels[(index + 1)...] where one.x.overlaps(other.x) && one.y.overlaps(other.y) {
                        Issue.record("\(one.text) and \(other.text) overlap at \(width), \(count), \(panels)")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        [], [0.0], [1, 1, 1], [-1, 1], [0, 1e-300], [1e300, 1e-300], [-1e300, 1e300], [.nan, 3], [.infinity],
        [.leastNonzeroMagnitude, 1], [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
    ])
    func everyRangeCanBeDrawn(values: [Double]) throws {
        for scale in Chart.Axis.Scale.allCases {
            let band = Chart.Layer("a", .band(values.enumerated().map { Chart.Interval(Double($0), $1 / 2, $1) }))
            let dots = Chart.Layer("b", .points(values.map { Chart.Point($0, $0) }, .dot))
            let bars = Chart.Layer("c", .bars([Chart.Bar(0...1, values.first ?? 0)]))
            for layers in [[Charts.line("a", values), band], [dots], [bars]] {
                let chart = Chart(
                    title: "", panels: [Charts.panel(layers, vertical: Chart.Axis(scale: scale))])
                let found = try #require(SVGElements(chart.svg()))
                #expect(
                    !found.all.contains { $0.attributes.values.contains { $0.contains("nan") || $0.contains("inf") } })
                #expect(!chart.lines(for: .plain).isEmpty)
                #expect(chart.tables.count == 1)
            }
        }
    }

    /// Many long runs are no more than the picture can show, and none of its extremes is lost.
    @Test func longCurvesKeepTheirExtremes() throws {
        var values = (0..<100_000).map { 2 + sin(Double($0)) }
        values[77_777] = 9
        let panel = Charts.panel([Charts.line("a", values)])
        let frame = try #require(PanelFrame(panel, at: .init(x: 0, y: 0, width: 800, height: 400)))
        let pieces = frame.pieces(panel.layers[0].marks.points)
        #expect(pieces.count == 1 && pieces[0].count <= 802)
        #expect(pieces[0].map(\.y).min() == frame.y(9))
        #expect(pieces[0].first?.x == frame.left && pieces[0].last?.x == frame.right)
        #expect(zip(pieces[0], pieces[0].dropFirst()).allSatisfy { $0.x <= $1.x })
        let runs = (0..<240).map { run in
            Charts.line("a\(run % 6)", values.suffix(5000).map { $0 + Double(run) }, .thin)
        }
        #expect(Chart(title: "t", panels: [Charts.panel(runs)]).svg().utf8.count < 300_000)
    }

    @Test func numbersSayWhatIsSeen() throws {
        let table = Self.chart.tables[0]
        #expect(table.columns == ["series", "step", "loss", "95% from", "95% to"])
        #expect(
            table.rows == [
                ["bound", "0", "0.5000", "", ""], ["bound", "1", "0.5000", "", ""], ["bound", "2", "0.5000", "", ""],
                ["adam (n = 2)", "0", "4", "3", "5"], ["adam (n = 2)", "1", "3", "2", "4"],
                ["adam (n = 2)", "2", "2", "1", "3"], ["sgd", "0", "3", "", ""], ["sgd", "1", "4", "", ""],
                ["sgd", "2", "inf", "", ""], ["sgd, diverged", "1", "4", "", ""],
            ])
        let long = Chart(title: "", panels: [Charts.panel([Charts.line("a", (0..<1000).map { Double($0) })])]).tables[0]
        #expect(long.rows.count == 20 && long.rows[0][1] == "0" && long.rows[19][1] == "999")
        let page = HTMLPage(Self.chart).text
        #expect(page.contains("<td>adam (n = 2)</td>") && page.contains("a &lt;b&gt; &amp; &quot;c&quot;"))
        #expect(!page.contains("<b>") && !page.contains("<script"))
        #expect(page.contains("prefers-color-scheme:dark"))
    }

    @Test func animationsShowEachPicture() throws {
        let frames = (0..<3).map { step in
            (label: "step \(step)", layers: [Charts.line("a", [0, Double(step)])])
        }
        let animation = Animation(
            title: "moving",
            panel: Chart.Panel(
                title: "function", horizontal: .steps, vertical: Chart.Axis(extent: -1...3), layers: []),
            frames: frames)
        let drawing = SVGAnimation(animation)
        let found = try #require(SVGElements(drawing.text))
        #expect(found.named("animate").count == 1 + 3)
        #expect((0..<3).allSatisfy { found.text.contains("step \($0)") })
        #expect(drawing.stills.count == 3 && Set(drawing.stills).count == 3)
        #expect(drawing.stills.allSatisfy { SVGElements($0) != nil })
    }
}
