import Foundation

extension Document {
    /// The document as Markdown (CommonMark, with GitHub's tables), its charts within it as data.
    public var markdown: String {
        blocks.map { Self.markdown(of: $0) { "data:image/svg+xml;base64,\($0)" } }.joined(separator: "\n\n") + "\n"
    }

    /// - Parameter address: where a picture is found, given its SVG in base64.
    static func markdown(of block: Block, address: (String) -> String) -> String {
        switch block {
        case .heading(let level, let text): String(repeating: "#", count: level) + " " + ReportTable.inMarkdown(text)
        case .prose(let text): ProseText.withoutTags(text)
        case .paragraph(let text): ReportTable.inMarkdown(text)
        case .listing(let text, let language): ProseText.fenced(text, language: language)
        case .table(let table): table.markdown().trimmingCharacters(in: .newlines)
        case .chart(let chart):
            "![\(ReportTable.inMarkdown(chart.title))](\(address(Data(chart.svg(theme: .light).utf8).base64EncodedString())))"
        case .python(let code, _): ProseText.fenced(code, language: "python")
        }
    }
}

/// Markdown of people, within that of the program.
enum ProseText {
    /// Without what Markdown would hand on to a browser as it is: tags are shown, not obeyed. Code stays code.
    static func withoutTags(_ text: String) -> String {
        var isFenced = false
        var lines: [String] = []
        for line in text.trimmingCharacters(in: .newlines).components(separatedBy: "\n") {
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            lines.append(isFence || isFenced ? line : lineWithoutTags(line))
            if isFence { isFenced.toggle() }
        }
        if isFenced { lines.append("```") }
        return lines.joined(separator: "\n")
    }

    /// Between two backticks is code, in which an escape would be seen; behind a single one there is none.
    private static func lineWithoutTags(_ line: String) -> String {
        var pieces = line.components(separatedBy: "`")
        for index in pieces.indices where index.isMultiple(of: 2) || index == pieces.count - 1 {
            pieces[index] = pieces[index].replacing("<", with: "&lt;").replacing("](javascript:", with: "](")
        }
        return pieces.joined(separator: "`")
    }

    /// Text in a fixed width, in a fence longer than any in it.
    static func fenced(_ text: String, language: String) -> String {
        let marks = text.components(separatedBy: "\n").map { line in
            line.drop { $0 == " " }.prefix { $0 == "`" }.count
        }
        let fence = String(repeating: "`", count: max(3, (marks.max() ?? 0) + 1))
        return "\(fence)\(language)\n\(text.hasSuffix("\n") ? text : text + "\n")\(fence)"
    }
}
