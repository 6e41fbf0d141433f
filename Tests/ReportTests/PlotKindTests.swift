import Testing

@testable import Report

/// What the kinds of charts compute.
struct PlotKindTests {
    /// By Wilson's formula, worked out apart.
    @Test func intervalsOfShares() {
        for (reached, count, low, high) in [
            (0, 10, 0, 0.2775328), (5, 10, 0.2365931, 0.7634069), (8, 8, 0.6755925, 1), (1, 30, 0.0059085, 0.1667040),
        ] {
            let interval = Staircase.wilson(reached, of: count)
            #expect(abs(interval.lowerBound - low) < 1e-5 && abs(interval.upperBound - high) < 1e-5)
        }
        #expect(Staircase.wilson(0, of: 0) == 0...1)
    }

    /// Each value is a step up, and who has none keeps the share below 1.
    @Test func staircases() throws {
        let layers = Staircase([3, 1], of: 4, from: 0, to: 5).layers("a", note: "n", mirrored: false)
        let points = try #require(layers.last).marks.points
        #expect(
            points == [
                Chart.Point(0, 0), Chart.Point(1, 0), Chart.Point(1, 0.25), Chart.Point(3, 0.25), Chart.Point(3, 0.5),
                Chart.Point(5, 0.5),
            ])
        #expect(layers.last?.value == 0.5)
        let mirrored = Staircase([-3, -1], of: 2, from: -3, to: -1).layers("a", note: "n", mirrored: true)
        #expect(mirrored.last?.marks.points.map(\.x) == [3, 3, 3, 1, 1, 1])
    }

    @Test func labelsAreMovedNoFartherThanItTakes() {
        #expect(EndLabels.apart([10, 100, 200], in: 0...300) == [10, 100, 200])
        #expect(EndLabels.apart([50, 50, 52], in: 0...300) == [50, 65, 80])
        #expect(EndLabels.apart([290, 295, 300], in: 0...300) == [270, 285, 300])
    }

    /// What single runs would hide is drawn without them, and the numbers of a terminal's axis are those of its columns.
    @Test func singleRunsAreLeftToPictures() throws {
        let thin = (0..<9).map { Charts.line("a", [1, 1e-9 * Double($0 + 1)], .thin) }
        let panel = Charts.panel(thin + [Charts.line("a", [1, 0.5], .bold, note: "n = 9")])
        let lines = TerminalPanel(panel).lines(for: .plain)
        #expect(lines.contains { $0.hasSuffix("● a  n = 9") })
        #expect(!lines.contains { $0.contains("e-") || $0.contains("log scale") })
        let alone = TerminalPanel(Charts.panel(thin)).lines(for: .plain)
        #expect(alone.contains { $0.contains("log scale") })
    }

    @Test func longNamesAndControlsBreakNothing() throws {
        let name = "\u{1B}[31mred\n" + String(repeating: "long ", count: 40) + "<&>\u{0}"
        let chart = Chart(
            title: name, caption: name,
            panels: [
                Chart.Panel(
                    title: name, horizontal: Chart.Axis(name, categories: [name, "b"]),
                    vertical: Chart.Axis(name, categories: [name]),
                    layers: [
                        Charts.line(name, [0, 0], note: name), Charts.line(name, [0, 0], .reference),
                        Chart.Layer(name, .notes([Chart.Note(Chart.Point(0, 0), name)])),
                    ])
            ])
        for width in [300.0, 800] {
            let found = try #require(SVGElements(chart.svg(width: width)))
            #expect(!found.text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
        }
        for usesUnicode in [true, false] {
            var terminal = Terminal(isTerminal: true, width: 60, usesColour: false, usesUnicode: usesUnicode)
            let lines = chart.lines(for: terminal)
            #expect(!lines.joined().unicodeScalars.contains { $0.properties.generalCategory == .control })
            terminal.width = 20
            #expect(!chart.lines(for: terminal).isEmpty)
        }
    }
}
