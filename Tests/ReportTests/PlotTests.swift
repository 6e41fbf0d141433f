import Foundation
import Testing

@testable import Report

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Charts as SVG")
struct PlotTests {
    private static func run(_ values: [Double], isDiverged: Bool = false) -> Chart.Run {
        Chart.Run(points: values.enumerated().map { (Double($0), $1) }, isDiverged: isDiverged)
    }

    private static let chart = Chart(
        title: "a <b> & \"c\"",
        panels: [
            Chart.Panel(
                title: "loss",
                series: [
                    Chart.Series(name: "adam", runs: [run([3, 2, 1]), run([5, 4, 3]), run([9])]),
                    Chart.Series(name: "sgd", runs: [run([3, .infinity], isDiverged: true)]),
                ], references: [Chart.Series(name: "bound", runs: [run([0.5, 0.5, 0.5])])]),
            Chart.Panel(title: "nothing", series: [Chart.Series(name: "adam", runs: [run([.nan])])]),
        ])

    /// Elements by name, of a document that must be well formed.
    private final class Elements: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var text = ""

        init?(_ document: String) {
            super.init()
            let parser = XMLParser(data: Data(document.utf8))
            parser.delegate = self
            guard parser.parse() else { return nil }
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) { counts[name, default: 0] += 1 }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }

    @Test(arguments: Theme.allCases)
    func panelsAreDrawn(theme: Theme) throws {
        let drawing = SVGChart(Self.chart, theme: theme).text
        let found = try #require(Elements(drawing))
        // A run of one point is a dot; a reference, two lines of the legend, three single runs, one of them with a cross of
        // two, and a median.
        #expect(found.counts["polyline"] == 1 + 2 + 4 + 2 + 1)
        #expect(found.counts["circle"] == 3)
        for word in ["a <b> & \"c\"", "adam", "sgd", "bound", "loss", "nothing: no finite value", "their median"] {
            #expect(found.text.contains(word), "\(word)")
        }
        #expect(drawing.contains(theme.background))
    }

    /// One that has ended counts with its last value, one that is lost as the worst.
    @Test func medianIsOfAllRuns() throws {
        let median = try #require(Self.chart.panels[0].series[0].median)
        #expect(median.points.map(\.y) == [5, 4, 3])
        let lost = Chart.Series(name: "x", runs: [Self.run([1, .nan]), Self.run([2, 2]), Self.run([3, 1])])
        #expect(lost.median?.points.map(\.y) == [2, 2])
        #expect(Self.chart.panels[0].series[1].median == nil)
    }

    /// Ten thousand points are no more than the picture can show, and none of its extremes is lost.
    @Test func longCurvesKeepTheirExtremes() throws {
        var values = (0..<10_000).map { 2 + sin(Double($0)) }
        values[7777] = 9
        let panel = Chart.Panel(title: "x", series: [Chart.Series(name: "a", runs: [Self.run(values)])])
        let frame = try #require(PanelFrame(panel, at: (0, 0)))
        let pieces = frame.pieces(panel.series[0].runs[0])
        #expect(pieces.count == 1 && pieces[0].count <= 320)
        #expect(pieces[0].map(\.y).min() == frame.y(9))
        #expect(zip(pieces[0], pieces[0].dropFirst()).allSatisfy { $0.x <= $1.x })
    }

    @Test func animationsShowEachPicture() throws {
        let frames = (0..<3).map { step in
            (label: "step \(step)", series: [Chart.Series(name: "a", runs: [Self.run([0, Double(step)])])])
        }
        let animation = Animation(
            title: "moving", panel: Chart.Panel(title: "function", series: [], extent: -1...3), frames: frames)
        let drawing = SVGAnimation(animation)
        let found = try #require(Elements(drawing.text))
        #expect(found.counts["animate"] == 1 + 3)
        #expect((0..<3).allSatisfy { found.text.contains("step \($0)") })
        #expect(drawing.stills.count == 3 && Set(drawing.stills).count == 3)
        #expect(drawing.stills.allSatisfy { Elements($0) != nil })
    }
}
