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
        try #expect(text(.csv, columns: ["a"], rows: [[.text("x\r\ny")]]) == "a\n\"x\r\ny\"\n")
    }

    @Test func json() throws {
        let json = try text(.json, columns: columns, rows: rows)
        #expect(
            json == #"""
                [
                  {"trial": 1, "optimizer": "adam", "finalLoss": 0.30000000000000004},
                  {"trial": 12, "optimizer": "a \"b\",\nc", "finalLoss": null},
                  {"trial": null, "optimizer": null, "finalLoss": null}
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
        let narrow = Terminal(isTerminal: true, width: 32, usesColour: false, usesUnicode: true)
        #expect(
            table.lines(for: narrow) == [
                "experiment l2l-mnist.",
                "trial  optimizer       finalLoss",
                "─────  ──────────────  ─────────",
                "    1  trained on on…     0.3012",
                "    2  adam               0.3251",
                "No room for startedAt; JSON and",
                "CSV have all columns.",
            ])
        #expect(table.lines(for: .plain).count == 4)
        #expect(table.lines(for: .plain)[0].hasSuffix("startedAt"))
    }

    @Test func controlCharactersInJSON() {
        #expect(OrderedJSON.string("\u{01}\t\\é").text() == #""\u0001\t\\é""#)
        #expect(OrderedJSON.number(1e-7).text() == "1e-07")
        #expect(OrderedJSON.array([.bool(true), .null]).text() == "[true, null]")
    }
}
