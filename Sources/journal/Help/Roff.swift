/// Text in the language of `man`.
struct Roff {
    private(set) var text = ""

    /// A line of the program's words, or of words with font changes that are escaped already.
    mutating func line(_ words: String, isEscaped: Bool = false) {
        let words = isEscaped ? words : Self.escaped(words)
        // A dot or an apostrophe at a line's beginning would be a request.
        text += (words.hasPrefix(".") || words.hasPrefix("'") ? "\\&" : "") + words + "\n"
    }

    mutating func request(_ name: String, _ arguments: String...) {
        // What takes a letter does not take it in quotes.
        let quoted = arguments.map { argument in
            argument.count == 1 ? argument : "\"\(Self.escaped(argument).replacing("\"", with: "\\(dq"))\""
        }
        text += ([".\(name)"] + quoted).joined(separator: " ") + "\n"
    }

    mutating func section(_ title: String) { request("SH", title) }

    /// A label, which is escaped already, with what it means.
    mutating func item(_ label: String, _ meaning: String) {
        text += ".TP\n"
        line(label, isEscaped: true)
        line(meaning)
    }

    /// Paragraphs, in which indented lines are examples and stay as they are.
    mutating func prose(_ words: String) {
        for paragraph in words.split(separator: "\n\n") {
            let lines = paragraph.split(separator: "\n")
            if lines.allSatisfy({ $0.hasPrefix("  ") }) {
                text += ".PP\n.RS 4\n.nf\n"
                for example in lines { line(String(example.dropFirst(2))) }
                text += ".fi\n.RE\n.PP\n"
            } else {
                text += ".PP\n"
                for sentence in lines { line(String(sentence)) }
            }
        }
    }

    /// Words in which nothing means anything to `man`.
    static func escaped(_ words: String) -> String {
        words.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
            .replacing("`", with: "\\(ga").replacing("^", with: "\\(ha").replacing("~", with: "\\(ti")
    }
}
