/// A table of text with aligned columns, a header and a rule under it.
public struct TextTable: Sendable {
    /// The head of a column.
    public struct Column: Sendable {
        var title: String
        var alignment: TextAlignment

        /// A column with this title, its cells kept to the given side.
        public init(_ title: String, _ alignment: TextAlignment = .right) {
            self.title = title
            self.alignment = alignment
        }
    }

    private let columns: [Column]
    private let rows: [[String]]

    /// A table of `rows`, each with one cell a column.
    public init(columns: [Column], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has not one cell a column")
        self.columns = columns
        self.rows = rows.map { $0.map(\.withoutControls) }
    }

    static let gap = 2
    static let narrowestColumn = 8

    /// The lines of the table, without spaces at their ends.
    ///
    /// On a terminal they fit its width: the widest columns of text give way first, and if that is not enough, lines
    /// are cut. Elsewhere nothing is cut.
    public func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        var widths = columns.indices.map { index in
            rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
        }
        if terminal.isTerminal {
            shrink(&widths, to: terminal.width - indent - Self.gap * (columns.count - 1))
        }
        let margin = String(repeating: " ", count: indent)
        let gap = String(repeating: " ", count: Self.gap)
        func line(_ cells: [String]) -> String {
            let fitted = cells.indices.map { index in
                cells[index].truncated(to: widths[index], unicode: terminal.usesUnicode)
                    .padded(to: widths[index], alignment: columns[index].alignment)
            }
            let text = margin + fitted.joined(separator: gap).trimmingTrailingSpaces
            return terminal.isTerminal ? text.truncated(to: terminal.width, unicode: terminal.usesUnicode) : text
        }
        let dash = terminal.usesUnicode ? "─" : "-"
        let rule = line(widths.map { String(repeating: dash, count: $0) })
        return [terminal.styled(line(columns.map(\.title)), .bold), terminal.styled(rule, .faint)] + rows.map(line)
    }

    private func shrink(_ widths: inout [Int], to available: Int) {
        while widths.reduce(0, +) > available {
            let shrinkable = widths.indices.filter {
                columns[$0].alignment == .left && widths[$0] > Self.narrowestColumn
            }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }
}

extension String {
    /// This text without the spaces at its end.
    var trimmingTrailingSpaces: String {
        String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
    }
}
