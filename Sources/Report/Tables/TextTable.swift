/// A table of text with aligned columns, a header and a rule under it.
public struct TextTable: Sendable {
    /// The head of a column.
    public struct Column: Sendable {
        var title: String
        var alignment: TextAlignment
        /// Whether a terminal that is too narrow may have the cells cut; if not, they are shown whole or not at all.
        var mayBeCut: Bool

        /// A column with this title, its cells kept to the given side; only text, which keeps to the left, may be cut.
        public init(_ title: String, _ alignment: TextAlignment = .right, mayBeCut: Bool? = nil) {
            self.title = title
            self.alignment = alignment
            self.mayBeCut = mayBeCut ?? (alignment == .left)
        }

        /// With its title in what the terminal can show.
        func shown(on terminal: Terminal) -> Column { Column(terminal.showable(title), alignment, mayBeCut: mayBeCut) }
    }

    private let columns: [Column]
    private let rows: [[String]]

    /// A table of `rows`, each with one cell a column.
    public init(columns: [Column], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has not one cell a column")
        self.columns = columns
        self.rows = rows
    }

    static let gap = 2
    static let narrowestColumn = 8

    /// The lines of the table, without spaces at their ends.
    ///
    /// On a terminal they fit its width: the widest columns of text give way first, and if that is not enough, lines
    /// are cut. Elsewhere nothing is cut.
    public func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        let rows = rows.map { $0.map(terminal.showable) }
        let columns = columns.map { $0.shown(on: terminal) }
        var widths = columns.indices.map { index in
            rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
        }
        if terminal.isTerminal {
            shrink(&widths, to: terminal.width - indent - Self.gap * (columns.count - 1))
        }
        let lines = TableLines(columns: columns, widths: widths, terminal: terminal, indent: indent)
        return lines.head + rows.map(lines.line)
    }

    private func shrink(_ widths: inout [Int], to available: Int) {
        while widths.reduce(0, +) > available {
            let shrinkable = widths.indices.filter { columns[$0].mayBeCut && widths[$0] > Self.narrowestColumn }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }
}

/// The lines of a table whose columns have their widths, one row at a time.
struct TableLines {
    var columns: [TextTable.Column]
    var widths: [Int]
    let terminal: Terminal
    var indent = 0

    /// The titles and the rule under them.
    var head: [String] {
        let dash = terminal.usesUnicode ? "─" : "-"
        let rule = line(widths.map { String(repeating: dash, count: $0) })
        return [terminal.styled(line(columns.map(\.title)), .bold), terminal.styled(rule, .faint)]
    }

    /// How many columns of a terminal the widest line takes.
    var span: Int { Self.span(of: widths) + indent }

    /// How many columns of a terminal cells of these widths take.
    static func span(of widths: [Int]) -> Int {
        widths.reduce(-TextTable.gap) { $0 + $1 + TextTable.gap }
    }

    /// A row, which must be showable on the terminal. On a terminal it is cut to fit, elsewhere nothing is.
    func line(_ cells: [String]) -> String {
        var text = String(repeating: " ", count: indent)
        for (index, cell) in cells.enumerated() {
            if index > 0 { text += String(repeating: " ", count: TextTable.gap) }
            let fitted =
                terminal.isTerminal ? cell.truncated(to: widths[index], unicode: terminal.usesUnicode) : cell
            text += fitted.padded(to: widths[index], alignment: columns[index].alignment)
        }
        text = text.trimmingTrailingSpaces
        return terminal.isTerminal ? text.truncated(to: terminal.width, unicode: terminal.usesUnicode) : text
    }
}

extension String {
    /// This text without the spaces at its end.
    var trimmingTrailingSpaces: String {
        String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
    }
}
