import Foundation
import Nouns
import Testing

@testable import Report

@Suite struct EntryPageTests {
    private func page(width: Int, unicode: Bool = true, _ body: (inout EntryPage) -> Void) -> [String] {
        var page = EntryPage(
            for: Terminal(isTerminal: true, width: width, usesColour: false, usesUnicode: unicode))
        body(&page)
        return page.lines
    }

    @Test func linesOfANoteStayLines() {
        let text =
            "# Head\n\n```\n  code   as it is\n```\n- an item that is too long for it\n12. another one of that sort\ttabbed"
        #expect(
            page(width: 24) { $0.markdown(text, indent: 4) } == [
                "    # Head", "", "    ```", "      code   as it is", "    ```", "    - an item that is",
                "      too long for it", "    12. another one of", "        that sort tabbed",
            ])
    }

    @Test func whatSteersTerminalsIsLeftOut() {
        let lines = page(width: 40, unicode: false) { $0.markdown("a\u{1B}[2Jb caf\u{E9}", indent: 0) }
        #expect(lines == ["a [2Jb cafe"])
    }

    @Test func longNamesOfAListStandAlone() {
        let lines = page(width: 20) {
            $0.list([("a", "1"), ("much.too.long.a.name", "2"), ("bc", "three words here")])
        }
        #expect(
            lines == [
                "  a           1", "  much.too.long.a.name", "    2", "  bc          three", "              words",
                "              here",
            ])
    }

    @Test func changesSayWhatIsThereAndWhatWas() {
        func change(_ old: JSONValue?, _ new: JSONValue?) -> String {
            let differences = JSONValue.object(new.map { ["a": $0] } ?? [:])
                .differences(from: .object(old.map { ["a": $0] } ?? [:]))
            return differences.map { $0.change(on: .plain) }.joined()
        }
        #expect(change(1, 2) == "1 → 2")
        #expect(change(nil, ["k": 1]) == #"added: {"k":1}"#)
        #expect(change("x", nil) == #"left out: "x""#)
    }

    @Test func bytesAreRounded() {
        #expect(
            [0, 1, 999, 1000, 999_499, 999_500, 1_234_567_890].map(ByteText.bytes) == [
                "0 bytes", "1 byte", "999 bytes", "1.00 kB", "999 kB", "1.00 MB", "1.23 GB",
            ])
    }

    @Test func timesAreThoseOfTheClockHere() throws {
        let time = try #require(LocalTime("2026-11-20T14:03:59.999Z"))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        let date = try #require(ISO8601DateFormatter().date(from: "2026-11-20T14:03:59Z"))
        let parts = calendar.dateComponents([.day, .hour, .minute], from: date)
        #expect(time.day == String(format: "2026-11-%02d", parts.day ?? 0))
        #expect(time.time == String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0))
        #expect(LocalTime("yesterday") == nil && LocalTime.text("yesterday") == "yesterday")
    }
}
