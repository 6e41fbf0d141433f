import Testing

@testable import Report

struct ChartTests {
    private func series(_ name: String, _ values: [Double]) -> CurveChart.Series {
        CurveChart.Series(name: name, values: values, finalValue: values.last ?? .nan)
    }

    private func falling(from start: Double, by factor: Double, steps: Int) -> [Double] {
        var value = start
        return (0...steps).map { _ in
            defer { value *= factor }
            return value
        }
    }

    @Test func linearChart() {
        let chart = CurveChart(
            title: "mean loss",
            series: [series("trained", [2, 1, 0.5, 0.25]), series("adam", [2, 1.75, 1.5, 1.25])], rows: 8)
        var terminal = Terminal(isTerminal: false, width: 48, usesColour: false, usesUnicode: true)
        #expect(
            chart.lines(for: terminal).joined(separator: "\n") == """
                    mean loss
                  2 ┤○⢄⠒⠤⠤⣀⣀
                    │  ⠑⢄   ⠉○⠒⠒⠤⠤⣀⣀
                1.5 ┤    ⠑⢄         ○⠑⠒⠢⠤⢄⣀⡀
                    │      ⠑⢄              ⠈⠉ ○ adam     1.250
                  1 ┤        ●⠒⠤⣀
                0.5 ┤            ⠉⠒⠤●⡀
                    │                ⠈⠉⠑⠒⠢⠤⢄● ● trained  0.2500
                  0 ┤
                    └┬──────────────┬────────
                     0              2 step
                """)
        terminal.usesUnicode = false
        #expect(
            chart.lines(for: terminal).joined(separator: "\n") == """
                    mean loss
                  2 +oooo
                    | ** oooooooo
                1.5 +   **       ooooooo
                    |     **            ooooo o adam     1.250
                  1 +       *****
                0.5 +            *******
                    |                   ***** * trained  0.2500
                  0 +
                    ++--------------+--------
                     0              2 step
                """)
    }

    @Test func logarithmicChart() {
        let chart = CurveChart(
            title: "mean loss",
            series: [
                series("trained", falling(from: 100, by: 0.8, steps: 50)),
                series("sgd", falling(from: 100, by: 1.5, steps: 50) + [.infinity]),
            ], rows: 10)
        let terminal = Terminal(isTerminal: false, width: 60, usesColour: false, usesUnicode: true)
        #expect(
            chart.lines(for: terminal, indent: 2).joined(separator: "\n") == """
                        mean loss (log scale)
                   1000 ┤ ⢀⠤⠊                           ○ sgd      diverged
                        │○⠁
                        │ ⠉⠒⠤⡀
                     10 ┤    ⠈●⠒⢄⡀
                        │        ⠈⠒⠢⢄
                        │            ⠉⠒⠤●
                    0.1 ┤               ⠈⠑⠒⢄⡀
                        │                   ⠈⠒⠢⢄
                        │                       ⠉⠒●⣀
                  0.001 ┤                           ⠑⠒⠄ ● trained  0.001427
                        └┬───────────────────────────┬─
                         0                          50 step
                """)
    }

    @Test func coloursOnlyWhereTheyAreShown() {
        let chart = CurveChart(title: "mean loss", series: [series("trained", [2, 1])])
        let colour = Terminal(isTerminal: true, width: 60, usesColour: true, usesUnicode: true)
        #expect(chart.lines(for: colour).contains { $0.contains("\u{1B}[36m● trained  1.000\u{1B}[0m") })
        #expect(!chart.lines(for: .plain).contains { $0.contains("\u{1B}") })
    }

    @Test func nothingToDraw() {
        #expect(CurveChart(title: "", series: []).lines(for: .plain).isEmpty)
        #expect(CurveChart(title: "", series: [series("a", [.nan])]).lines(for: .plain).isEmpty)
        #expect(CurveChart(title: "", series: [series("a", [])]).lines(for: .plain).isEmpty)
    }

    @Test(arguments: [
        [0.0], [1, 1, 1], [-1, 1], [0, 1e-300], [1e300, 1e-300], [.nan, 3], [.leastNonzeroMagnitude, 1],
    ])
    func everyRangeCanBeDrawn(values: [Double]) {
        #expect(CurveChart(title: "", series: [series("a", values)]).lines(for: .plain).count == 19)
    }

    @Test func manyCurvesHaveLettersAndRoom() {
        let many = (0..<8).map { series("optimizer \($0)", falling(from: 2, by: 0.8 + 0.02 * Double($0), steps: 60)) }
        let chart = CurveChart(title: "mean loss", series: many)
        var terminal = Terminal(isTerminal: true, width: 80, usesColour: false, usesUnicode: true)
        for usesUnicode in [true, false] {
            terminal.usesUnicode = usesUnicode
            let lines = chart.lines(for: terminal)
            #expect(lines.count == 27)
            for letter in "abcdefgh" {
                // In the legend once, and several times on its curve.
                #expect(lines.filter { $0.contains(" \(letter) optimizer ") }.count == 1)
                #expect(lines.joined().split(separator: "optimizer").joined().count { $0 == letter } > 3)
            }
        }
    }

    @Test(arguments: [20, 30, 40, 60])
    func aNarrowChartFitsWithItsLegendBelow(width: Int) {
        let chart = CurveChart(
            title: "mean loss",
            series: [series("trained", [2, 1, 0.5, 0.25]), series("a rival of a longer name", [2, 1.75, 1.5, 1.25])])
        let terminal = Terminal(isTerminal: true, width: width, usesColour: false, usesUnicode: true)
        let lines = chart.lines(for: terminal, indent: 2)
        #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(lines)")
        #expect(lines.count { $0.contains("● trained") } == 1)
    }

    @Test func moreCurvesThanRows() {
        let many = (0..<20).map { series("optimizer \($0)", [1, Double($0)]) }
        let lines = CurveChart(title: "", series: many, rows: 6).lines(for: .plain)
        #expect(lines.count == 9)
        #expect(lines.contains { $0.contains("optimizer 5") })
        #expect(!lines.contains { $0.contains("optimizer 6") })
    }

    @Test func scales() throws {
        let linear = try #require(AxisScale(showing: [2.3, 0.31]))
        #expect((linear.low, linear.high, linear.isLogarithmic) == (0, 2.5, false))
        #expect(linear.ticks(count: 5) == [0, 0.5, 1, 1.5, 2, 2.5])
        let logarithmic = try #require(AxisScale(showing: [90, 0.03, .nan]))
        #expect((logarithmic.low, logarithmic.high, logarithmic.isLogarithmic) == (0.02, 100, true))
        #expect(logarithmic.position(of: 0) == 0)
        #expect(logarithmic.ticks(count: 5).count == 4)
        #expect(AxisScale(showing: [.nan]) == nil)
        let one = try #require(AxisScale(showing: [4]))
        #expect((one.low, one.high) == (2, 6))
    }
}
