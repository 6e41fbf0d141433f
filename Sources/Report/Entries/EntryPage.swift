import Foundation
import Nouns

/// Lines of an entry as they come: headings, paragraphs and lists, laid out for a terminal.
struct EntryPage {
    let terminal: Terminal
    private(set) var lines: [String] = []

    static let indent = 2

    init(for terminal: Terminal) { self.terminal = terminal }

    var text: String { lines.map { $0 + "\n" }.joined() }

    mutating func title(_ text: String) { lines += terminal.title(text) }

    mutating func heading(_ text: String) { lines += ["", terminal.styled(terminal.showable(text), .bold)] }

    mutating func gap() { lines.append("") }

    mutating func add(_ more: [String]) { lines += more }

    mutating func paragraph(_ text: String, _ style: TextStyle? = nil, indent: Int = indent) {
        let margin = String(repeating: " ", count: indent)
        lines += terminal.showable(text).wrapped(to: terminal.width - indent)
            .map { margin + terminal.styled($0, style) }
    }

    /// Names with their values beside them; a long value goes on below itself.
    mutating func list(_ items: [(name: String, value: String)], indent: Int = indent) {
        let names = items.map { terminal.showable($0.name) }
        let widest = min(names.map(\.displayWidth).max() ?? 0, max(terminal.width / 2, 1))
        let margin = String(repeating: " ", count: indent)
        for (name, item) in zip(names, items) {
            let room = max(terminal.width - indent - widest - 2, 8)
            let value = terminal.showable(item.value).wrapped(to: room)
            if name.displayWidth > widest {
                lines.append(margin + name)
                lines += value.map { margin + "  " + $0 }
                continue
            }
            for (index, line) in (value.isEmpty ? [""] : value).enumerated() {
                let head = (index == 0 ? name : "").padded(to: widest, alignment: .left)
                lines.append((margin + head + "  " + line).trimmingTrailingSpaces)
            }
        }
    }

    /// The space that a line begins with and, of an item of a list, its mark: what goes on below stands to the right of
    /// them.
    private static func margin(of line: String) -> String {
        line.prefixMatch(of: /\ *(?:(?:[-*+>]|\d{1,3}[.)])\ +)?/).map { String($0.output) } ?? ""
    }

    /// Text that a person has laid out: lines stay lines, and only those that are too long go on below themselves.
    mutating func markdown(_ text: String, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let shown = terminal.showable(line.replacingOccurrences(of: "\t", with: "    ")).trimmingTrailingSpaces
            let start = Self.margin(of: shown)
            let width = max(terminal.width - indent, 8)
            let wrapped =
                shown.displayWidth <= width
                ? [shown] : String(shown.dropFirst(start.count)).wrapped(to: max(width - start.count, 8))
            let parts = wrapped.enumerated().map { index, part in
                let hanging = String(repeating: " ", count: start.count)
                return wrapped.count == 1 ? shown : (index == 0 ? start : hanging) + part
            }
            lines += parts.map { $0.isEmpty ? "" : margin + $0 }
        }
    }
}

extension JSONDifference {
    /// `100 -> 200`, with what isn't there said so.
    func change(on terminal: Terminal) -> String {
        let arrow = terminal.usesUnicode ? "→" : "->"
        switch (old, new) {
        case (nil, let new?): return "added: \(new.canonicalText)"
        case (let old?, nil): return "left out: \(old.canonicalText)"
        case (let old?, let new?): return "\(old.canonicalText) \(arrow) \(new.canonicalText)"
        case (nil, nil): return ""
        }
    }
}
