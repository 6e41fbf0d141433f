import Foundation
import Testing

@testable import Report

struct NumberTextTests {
    @Test(arguments: [
        (0.31234, "0.3123"), (0.99996, "1.000"), (0, "0"), (12345.6, "12346"), (999_999.6, "1.000e+06"),
        (0.00012344, "0.0001234"), (0.000099, "9.900e-05"), (-2.5, "-2.500"), (1e300, "1.000e+300"),
        (.nan, "NaN"), (.infinity, "inf"), (-.infinity, "-inf"),
    ])
    func significantDigits(value: Double, text: String) {
        #expect(NumberText.significant(value) == text)
    }

    @Test func groupsThousands() {
        #expect(NumberText.grouped(999) == "999")
        #expect(NumberText.grouped(1000) == "1,000")
        #expect(NumberText.grouped(-1_234_567.4) == "-1,234,567")
        #expect(NumberText.grouped(-0.2) == "0")
    }

    @Test(arguments: [
        (0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (360_000, "4 d 4 h"),
        (.infinity, "?"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(NumberText.duration(seconds) == text)
    }
}

struct DisplayWidthTests {
    @Test(arguments: [("adam", 4), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("⚠️", 2), ("🙂", 2), ("⣿●─", 3), ("", 0)])
    func columns(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func truncation() {
        #expect("optimizer".truncated(to: 9) == "optimizer")
        #expect("optimizer".truncated(to: 5) == "opti…")
        #expect("optimizer".truncated(to: 5, unicode: false) == "opti~")
        #expect("日本語".truncated(to: 4) == "日…")
        #expect("a".truncated(to: 0) == "")
    }

    @Test func wrapping() {
        #expect("a bb  ccc\ndddd".wrapped(to: 4) == ["a bb", "ccc", "dddd"])
        #expect("longest word".wrapped(to: 3) == ["longest", "word"])
        #expect("".wrapped(to: 5) == [])
    }

    @Test func controlsBecomeSpaces() {
        #expect("a\u{1B}[31m\r\nb".withoutControls == "a [31m  b")
    }
}

struct TextTableTests {
    private let table = TextTable(
        columns: [.init("optimizer", .left), .init("loss")],
        rows: [["trained", "0.3012"], ["sgd (learningRate 3, momentum 0.9)", "12.5"], ["日本", ""]])

    @Test func alignsColumns() {
        #expect(
            table.lines(for: .plain, indent: 2) == [
                "  optimizer                             loss",
                "  ──────────────────────────────────  ──────",
                "  trained                             0.3012",
                "  sgd (learningRate 3, momentum 0.9)    12.5",
                "  日本",
            ])
    }

    @Test func fitsATerminal() {
        let terminal = Terminal(isTerminal: true, width: 20, usesColour: false, usesUnicode: false)
        #expect(
            table.lines(for: terminal) == [
                "optimizer       loss",
                "------------  ------",
                "trained       0.3012",
                "sgd (learni~    12.5",
                "ri ben",
            ])
    }

    @Test func cutsLinesWhereColumnsCannotShrink() {
        let terminal = Terminal(isTerminal: true, width: 10, usesColour: true, usesUnicode: true)
        let lines = table.lines(for: terminal)
        #expect(lines[0] == "\u{1B}[1moptimiz… …\u{1B}[0m")
        #expect(lines[2] == "trained  …")
    }
}

struct TerminalTests {
    @Test func abilitiesComeFromTheEnvironment() {
        let file = Terminal.detect(descriptor: -1, environment: ["LANG": "en_US.UTF-8", "COLUMNS": "66"])
        #expect(file == Terminal(isTerminal: false, width: 66, usesColour: false, usesUnicode: true))
        let plain = Terminal.detect(descriptor: -1, environment: ["LC_ALL": "C", "LANG": "en_US.UTF-8"])
        #expect(plain == Terminal(isTerminal: false, width: 100, usesColour: false, usesUnicode: false))
        #expect(Terminal.detect(descriptor: -1, environment: ["LC_ALL": "", "LC_CTYPE": "C.utf8"]).usesUnicode)
    }

    @Test(arguments: [("xterm-256color", true), ("dumb", false), ("", false), (nil, false)])
    func escapeCodesNeedATerminalThatHasThem(term: String?, obeys: Bool) throws {
        var (master, terminal): (Int32, Int32) = (0, 0)
        try #require(openpty(&master, &terminal, nil, nil, nil) == 0)
        defer {
            close(master)
            close(terminal)
        }
        let found = Terminal.detect(descriptor: terminal, environment: term.map { ["TERM": $0] } ?? [:])
        #expect(found.isTerminal)
        #expect([found.obeysEscapeCodes, found.usesColour] == [obeys, obeys])
    }
}
