/// A table of a document: what stands in it, whatever it is written in.
public struct ReportTable: Sendable, Equatable {
    /// One cell, as text.
    public struct Cell: Sendable, Equatable {
        /// What stands in it; empty for nothing.
        public let text: String
        /// Whether it is the best of its kind, and stands out.
        public let isBest: Bool

        /// A cell of this text.
        public init(_ text: String, isBest: Bool = false) {
            self.text = text
            self.isBest = isBest
        }
    }

    /// What the table is, and how its figures came about.
    public let caption: String
    /// The heads of its columns, with the side that the cells below keep to.
    public let columns: [(title: String, isText: Bool)]
    /// The rows, each with one cell a column.
    public let rows: [[Cell]]

    /// A table of these.
    public init(caption: String, columns: [(title: String, isText: Bool)], rows: [[Cell]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has not one cell a column")
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    public static func == (a: ReportTable, b: ReportTable) -> Bool {
        a.caption == b.caption && a.rows == b.rows && a.columns.elementsEqual(b.columns, by: ==)
    }

    /// A table of a report's columns.
    ///
    /// - Parameter best: the titles of the columns in which the first row stands out.
    init<Row>(caption: String, _ columns: [ReportColumn<Row>], _ rows: [Row], best: Set<String> = []) {
        self.init(
            caption: caption, columns: columns.map { ($0.head.title, $0.head.alignment == .left) },
            rows: rows.enumerated().map { index, row in
                columns.map { Cell($0.cell(row), isBest: index == 0 && best.contains($0.head.title)) }
            })
    }
}

extension ReportTable {
    /// The table in Markdown (GitHub's), its caption below it.
    public func markdown() -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let rules = columns.map { $0.isText ? ":--" : "--:" }
        let body = rows.map { row in
            line(
                row.map { cell in
                    let text = Self.inMarkdown(cell.text)
                    return cell.isBest && !text.isEmpty ? "**\(text)**" : text
                })
        }
        let lines = [line(columns.map { Self.inMarkdown($0.title) }), line(rules)] + body
        return (lines + ["", Self.inMarkdown(caption)]).map { $0 + "\n" }.joined()
    }

    /// The table in LaTeX, for documents that use the package `booktabs`.
    ///
    /// - Parameter label: what `\ref` finds it by.
    public func latex(label: String) -> String {
        func line(_ cells: [String]) -> String { "    " + cells.joined(separator: " & ") + " \\\\" }
        let body = rows.map { row in
            line(
                row.map { cell in
                    let text = Self.inLaTeX(cell.text)
                    return cell.isBest && !text.isEmpty ? "\\textbf{\(text)}" : text
                })
        }
        let lines =
            [
                "\\begin{table}", "  \\centering", "  \\caption{\(Self.inLaTeX(caption))}", "  \\label{\(label)}",
                "  \\begin{tabular}{\(columns.map { $0.isText ? "l" : "r" }.joined())}", "    \\toprule",
                line(columns.map { Self.inLaTeX($0.title) }), "    \\midrule",
            ] + body + ["    \\bottomrule", "  \\end{tabular}", "\\end{table}"]
        return lines.map { $0 + "\n" }.joined()
    }

    /// Text without what Markdown would take for marks, tags or cells.
    static func inMarkdown(_ text: String) -> String {
        String(
            text.flatMap { character -> [Character] in
                switch character {
                case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "~", "$": ["\\", character]
                case "&": Array("&amp;")
                case _ where character.isNewline: [" "]
                default: [character]
                }
            })
    }

    /// Text in which LaTeX sees characters alone: those that steer it are written out, numbers with exponents are
    /// powers of ten, and minus signs are no hyphens.
    static func inLaTeX(_ text: String) -> String {
        let powers = text.replacing(#/(?<sign>-?)(?<digits>\b\d+(?:\.\d+)?)e(?<power>[+-]?\d+)\b/#) { match in
            "\u{0}\(match.sign)\(match.digits)\u{1}\(Int(match.power) ?? 0)\u{0}"
        }
        var result = ""
        var isFirstMark = true
        var before: Character = " "
        for character in powers {
            switch character {
            case "\u{0}":
                result += isFirstMark ? "$" : "}$"
                isFirstMark.toggle()
            case "\u{1}": result += " \\times 10^{"
            case "\\": result += "\\textbackslash{}"
            case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
            case "~": result += "\\textasciitilde{}"
            case "^": result += "\\textasciicircum{}"
            case "<": result += "$<$"
            case ">": result += "$>$"
            case "-" where isFirstMark && (before == " " || before == "["): result += "$-$"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
            before = character
        }
        return result.replacing(#/\binf\b/#, with: "$\\infty$")
    }
}
