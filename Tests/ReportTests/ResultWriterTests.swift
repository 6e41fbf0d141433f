import Foundation
import JournalStore
import Testing

@testable import Report

struct ResultWriterTests {
    private let columns = ["trial", "optimizer", "finalLoss"]
    private let rows: [[QueryResult.Value]] = [
        [.int(1), .text("adam"), .double(0.1 + 0.2)],
        [.int(12), .text("a \"b\",\nc"), .double(.nan)],
        [.null, .null, .double(.infinity)],
    ]

    private func text(_ format: ResultFormat, columns: [String], rows: [[QueryResult.Value]]) throws -> String {
        var text = ""
        var writer = ResultWriter(format, for: .plain) { text += $0 }
        try writer.begin(columns: columns)
        for row in rows {
            try writer.add(row: row)
        }
        try writer.finish()
        return text
    }

    @Test func table() throws {
        try #expect(
            text(.table, columns: columns, rows: rows) == """
                trial  optimizer  finalLoss
                ─────  ─────────  ─────────
                    1  adam          0.3000
                   12  a "b", c         NaN
                                        inf

                """)
    }

    @Test func csv() throws {
        try #expect(
            text(.csv, columns: columns, rows: rows) == """
                trial,optimizer,finalLoss
                1,adam,0.30000000000000004
                12,"a ""b"",\nc",nan
                ,,inf

                """)
        try #expect(text(.csv, columns: ["a"], rows: [[.double(-.nan)], [.double(-.infinity)]]) == "a\nnan\n-inf\n")
        try #expect(text(.csv, columns: ["a"], rows: [[.text("x\r\ny")]]) == "a\n\"x\r\ny\"\n")
    }

    @Test func json() throws {
        let json = try text(.json, columns: columns, rows: rows)
        #expect(
            json == #"""
                [
                  {"trial": 1, "optimizer": "adam", "finalLoss": 0.30000000000000004},
                  {"trial": 12, "optimizer": "a \"b\",\nc", "finalLoss": "NaN"},
                  {"trial": null, "optimizer": null, "finalLoss": "Infinity"}
                ]

                """#)
        let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        #expect(read?[1]["optimizer"] as? String == "a \"b\",\nc")
    }

    @Test func noRows() throws {
        try #expect(text(.csv, columns: ["a", "b"], rows: []) == "a,b\n")
        try #expect(text(.json, columns: ["a", "b"], rows: []) == "[]\n")
        try #expect(text(.table, columns: ["a", "b"], rows: []) == "a  b\n─  ─\n")
    }

    @Test func manyColumnsOnATerminal() {
        let titles = ["trial", "experiment", "optimizer", "note", "finalLoss", "startedAt"]
        let table = FittedTable(
            columns: titles.map { TextTable.Column($0, ["trial", "finalLoss"].contains($0) ? .right : .left) },
            rows: [
                ["1", "l2l-mnist", "trained on one network", "", "0.3012", "2026-11-22T05:40:00Z"],
                ["2", "l2l-mnist", "adam", "", "0.3251", "2026-11-22T05:41:00Z"],
            ])
        #expect(
            table.lines(for: narrow) == [
                "experiment l2l-mnist.",
                "trial  optimizer       finalLoss",
                "─────  ──────────────  ─────────",
                "    1  trained on on…     0.3012",
                "    2  adam               0.3251",
                "No room for startedAt; JSON has",
                "all columns.",
            ])
        #expect(table.lines(for: .plain).count == 4)
        #expect(table.lines(for: .plain)[0].hasSuffix("startedAt"))
    }

    private let narrow = Terminal(isTerminal: true, width: 32, usesColour: false, usesUnicode: true)

    /// Trials whose optimizer is another from the 301st on.
    private func trials(_ count: Int) -> [[QueryResult.Value]] {
        (1...count).map {
            [.int($0), .text("short-trials"), .text($0 > 300 ? "adam" : "sgd"), .double(1 / Double($0))]
        }
    }

    /// What a table has written after each row, and at its end.
    private func pieces(for terminal: Terminal, _ rows: [[QueryResult.Value]]) throws -> [String] {
        var pieces = [""]
        var writer = ResultWriter(.table, for: terminal) { pieces[pieces.count - 1] += $0 }
        try writer.begin(columns: ["trial", "experiment", "optimizer", "finalLoss"])
        for row in rows {
            pieces.append("")
            try writer.add(row: row)
        }
        pieces.append("")
        try writer.finish()
        return pieces
    }

    @Test func rowsOfATableComeOutAsTheyAreRead() throws {
        let pieces = try pieces(for: .plain, trials(1200))
        #expect(pieces[199].isEmpty)
        #expect(pieces[200].split(separator: "\n").count == 202)
        #expect(pieces[201] == "  201  short-trials  sgd         0.004975\n")
        #expect(pieces[1200] == " 1200  short-trials  adam       0.0008333\n")
        #expect(pieces[1201].isEmpty)
    }

    @Test func aWiderCellWidensItsColumnAndIsNotCutInAFile() throws {
        let late: [[QueryResult.Value]] = [
            [.int(1_234_567), .text("a much longer name"), .text("adam"), .double(2)],
            [.int(3), .text("short-trials"), .text("adam"), .double(2)],
        ]
        let lines = try pieces(for: .plain, trials(200) + late).suffix(3)
        #expect(
            Array(lines) == [
                "1234567  a much longer name  adam           2.000\n",
                "      3  short-trials        adam           2.000\n", "",
            ])
    }

    @Test func whatIsSaidAboveATableHoldsForItsRows() throws {
        let text = try pieces(for: narrow, trials(302)).joined()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { String($0).displayWidth <= 32 })
        #expect(
            lines.prefix(4) == [
                "experiment short-trials,", "optimizer sgd.", "trial  finalLoss", "─────  ─────────",
            ])
        #expect(
            lines.suffix(9) == [
                "  300   0.003333", "", "experiment short-trials,", "optimizer adam.", "trial  finalLoss",
                "─────  ─────────", "  301   0.003322", "  302   0.003311", "",
            ])
    }

    @Test func aNumberThatDoesNotFitBeginsTheTableAnew() throws {
        var terminal = narrow
        terminal.width = 12
        var rows = ""
        var writer = ResultWriter(.table, for: terminal) { rows += $0 }
        try writer.begin(columns: ["a", "b"])
        for row in 1...200 { try writer.add(row: [.int(row), .int(row % 7)]) }
        try writer.add(row: [.int(123_456_789), .int(1)])
        try writer.add(row: [.int(1_234_567_890), .int(1)])
        try writer.finish()
        #expect(rows.contains("\n200  4\n123456789  1\n\n"))
        #expect(
            rows.hasSuffix(
                "\n         a\n──────────\n1234567890\nNo room for\nb; JSON and\nCSV have all\ncolumns.\n"))
    }

    @Test func whatMattersLeastGoesFirst() throws {
        let columns = ["trial", "experiment", "optimizer", "finalLoss", "startedAt"]
        func table(width: Int) throws -> [Substring] {
            var terminal = narrow
            terminal.width = width
            var text = ""
            let priorities = ColumnPriorities(order: ["finalLoss", "optimizer", "trial"], uncut: ["startedAt"])
            var writer = ResultWriter(.table, for: terminal, priorities: priorities) { text += $0 }
            try writer.begin(columns: columns)
            for (trial, optimizer) in [(1, "sgd"), (12, "trained on one small network")] {
                try writer.add(row: [
                    .int(trial), .text("experiment \(trial)"), .text(optimizer), .double(0.5 / Double(trial)),
                    .text("2026-11-22T05:40:0\(trial)Z"),
                ])
            }
            try writer.finish()
            return text.split(separator: "\n")
        }
        #expect(
            try table(width: 20)[..<4] == [
                "optimizer  finalLoss", "─────────  ─────────", "sgd           0.5000", "trained …    0.04167",
            ])
        #expect(try table(width: 40)[0] == "trial  optimizer               finalLoss")
        #expect(try table(width: 60)[3] == "   12  experiment …  trained on one small network    0.04167")
        #expect(try table(width: 60)[4] == "No room for startedAt; JSON and CSV have all columns.")
    }

    @Test func namesAreShownInWhatTheTerminalHas() throws {
        var ascii = Terminal.plain
        ascii.usesUnicode = false
        var text = ""
        var writer = ResultWriter(.table, for: ascii) { text += $0 }
        try writer.begin(columns: ["name"])
        for name in ["café – “naïve”", "αβγ", "5 €", "caf\u{EFE9}"] { try writer.add(row: [.text(name)]) }
        try writer.finish()
        #expect(
            text == """
                name
                --------------
                cafe - "naive"
                abg
                5 \\u{20AC}
                caf\\xE9

                """)
        #expect(ascii.spelled("\u{1B}[1mplain\u{1B}[0m") == "\u{1B}[1mplain\u{1B}[0m")
        #expect(Terminal.plain.spelled("café, caf\u{EFE9}") == "café, caf\\xE9")
    }
}
