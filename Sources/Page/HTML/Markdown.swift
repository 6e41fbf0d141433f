import Foundation

/// The part of Markdown that notes are written in: paragraphs, headings, lists, quotes, fenced and inline code, emphasis,
/// and links to the web. All else, tags among it, is text.
struct Markdown {
    private let lines: [Substring]

    init(_ text: String) {
        lines = text.replacingOccurrences(of: "\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
    }

    var html: HTML {
        var pieces: [HTML] = []
        var position = 0
        while position < lines.count {
            let line = lines[position].drop { $0 == " " }
            if line.isEmpty {
                position += 1
            } else if line.hasPrefix("```") {
                pieces.append(fenced(&position))
            } else if let level = Self.heading(line) {
                let text = line.dropFirst(level).drop { $0 == " " }
                // A page has its own headings above those of a note.
                pieces.append(.element(level < 3 ? "h4" : "h5", [], Inline(text).pieces))
                position += 1
            } else if Self.item(line) != nil {
                pieces.append(list(&position))
            } else if line.hasPrefix(">") {
                pieces.append(quote(&position))
            } else {
                pieces.append(paragraph(&position))
            }
        }
        return .div("markdown", .group(pieces))
    }

    private func fenced(_ position: inout Int) -> HTML {
        position += 1
        let start = position
        while position < lines.count, !lines[position].drop(while: { $0 == " " }).hasPrefix("```") { position += 1 }
        let code = lines[start..<position].joined(separator: "\n")
        position += 1
        return .element("pre", [.plain("tabindex", "0")], [.code(code)])
    }

    private func list(_ position: inout Int) -> HTML {
        var items: [HTML] = []
        var isNumbered = false
        while position < lines.count, let item = Self.item(lines[position].drop(while: { $0 == " " })) {
            isNumbered = item.isNumbered
            var text = String(item.text)
            position += 1
            // Lines that go on are indented.
            while position < lines.count, lines[position].hasPrefix("  "),
                Self.item(lines[position].drop(while: { $0 == " " })) == nil
            {
                text += " " + lines[position].drop { $0 == " " }
                position += 1
            }
            items.append(.element("li", [], Inline(text[...]).pieces))
        }
        return .element(isNumbered ? "ol" : "ul", [], items)
    }

    private func quote(_ position: inout Int) -> HTML {
        var text: [Substring] = []
        while position < lines.count, lines[position].hasPrefix(">") {
            text.append(lines[position].dropFirst().drop { $0 == " " })
            position += 1
        }
        return .element("blockquote", [], Inline(text.joined(separator: " ")[...]).pieces)
    }

    private func paragraph(_ position: inout Int) -> HTML {
        var text: [Substring] = []
        while position < lines.count {
            let line = lines[position].drop { $0 == " " }
            if line.isEmpty || line.hasPrefix("```") || Self.heading(line) != nil || Self.item(line) != nil { break }
            text.append(line)
            position += 1
        }
        return .element("p", [], Inline(text.joined(separator: "\n")[...]).pieces)
    }

    private static func heading(_ line: Substring) -> Int? {
        let level = line.prefix { $0 == "#" }.count
        return (1...6).contains(level) && line.dropFirst(level).first == " " ? level : nil
    }

    private static func item(_ line: Substring) -> (text: Substring, isNumbered: Bool)? {
        if let mark = line.first, "-*+".contains(mark), line.dropFirst().first == " " {
            return (line.dropFirst(2), false)
        }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        let rest = line.dropFirst(digits.count)
        guard !digits.isEmpty, digits.count < 10, rest.hasPrefix(". ") else { return nil }
        return (rest.dropFirst(2), true)
    }
}

/// A line of Markdown: code, emphasis and links within text.
private struct Inline {
    private(set) var pieces: [HTML] = []

    init(_ text: Substring) {
        var rest = text
        var plain = ""
        func found(_ mark: String) -> (inside: Substring, after: Substring)? {
            let start = rest.dropFirst(mark.count)
            guard let end = start.range(of: mark), end.lowerBound > start.startIndex else { return nil }
            return (start[..<end.lowerBound], start[end.upperBound...])
        }
        while let character = rest.first {
            var piece: (html: HTML, after: Substring)?
            switch character {
            case "`": piece = found("`").map { (.code(String($0.inside)), $0.after) }
            case "*" where rest.hasPrefix("**"):
                piece = found("**").map { (.element("strong", [], Inline($0.inside).pieces), $0.after) }
            case "*":
                piece = found("*").map { (.element("em", [], Inline($0.inside).pieces), $0.after) }
            case "[": piece = Self.link(rest)
            default: break
            }
            if let piece {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                pieces.append(piece.html)
                rest = piece.after
            } else {
                plain.append(character)
                rest = rest.dropFirst()
            }
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
    }

    /// `[text](address)`; nil where the address is not one of the web.
    private static func link(_ text: Substring) -> (html: HTML, after: Substring)? {
        guard let middle = text.range(of: "]("), let end = text[middle.upperBound...].firstIndex(of: ")"),
            let address = Attribute.web(String(text[middle.upperBound..<end]))
        else { return nil }
        let name = text[text.index(after: text.startIndex)..<middle.lowerBound]
        return (
            .element("a", [address, .plain("rel", "noopener noreferrer")], [.text(String(name))]),
            text[text.index(after: end)...]
        )
    }
}
