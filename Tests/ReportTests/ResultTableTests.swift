import Foundation
import Testing

@testable import Report

struct ResultTableTests {
    private let table = ResultTable(
        columns: ["trial", "optimizer", "finalLoss"],
        rows: [
            [.integer(1), .text("adam"), .real(0.1 + 0.2)],
            [.integer(12), .text("a \"b\",\nc"), .real(.nan)],
            [.null, .null, .real(.infinity)],
        ])

    @Test func text() {
        #expect(
            table.text(for: .plain) == """
                trial  optimizer  finalLoss
                ─────  ─────────  ─────────
                    1  adam          0.3000
                   12  a "b", c         NaN
                                        inf

                """)
    }

    @Test func csv() {
        #expect(
            table.csv() == """
                trial,optimizer,finalLoss
                1,adam,0.30000000000000004
                12,"a ""b"",\nc",nan
                ,,inf

                """)
        #expect(ResultTable(columns: ["a"], rows: [[.text("x\r\ny")]]).csv() == "a\n\"x\r\ny\"\n")
    }

    @Test func json() throws {
        #expect(
            table.json() == #"""
                [
                  {"trial": 1, "optimizer": "adam", "finalLoss": 0.30000000000000004},
                  {"trial": 12, "optimizer": "a \"b\",\nc", "finalLoss": null},
                  {"trial": null, "optimizer": null, "finalLoss": null}
                ]

                """#)
        let read = try JSONSerialization.jsonObject(with: Data(table.json().utf8)) as? [[String: Any]]
        #expect(read?[1]["optimizer"] as? String == "a \"b\",\nc")
    }

    @Test func noRows() {
        let empty = ResultTable(columns: ["a", "b"], rows: [])
        #expect(empty.csv() == "a,b\n")
        #expect(empty.json() == "[]\n")
        #expect(empty.text(for: .plain) == "a  b\n─  ─\n")
    }

    @Test func controlCharactersInJSON() {
        #expect(OrderedJSON.string("\u{01}\t\\é").text() == #""\u0001\t\\é""#)
        #expect(OrderedJSON.number(1e-7).text() == "1e-07")
        #expect(OrderedJSON.array([.bool(true), .null]).text() == "[true, null]")
    }
}
