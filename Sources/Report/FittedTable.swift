/// A table of many columns that makes the most of a terminal's width.
///
/// Where the columns do not fit, empty ones are left out; what is the same in all rows is said once above the table;
/// and of the rest as many are shown, from the left, as there is room for, the others named below it. Elsewhere than
/// on a terminal the table is whole.
struct FittedTable {
    let columns: [TextTable.Column]
    let rows: [[String]]

    func lines(for terminal: Terminal) -> [String] {
        let whole = columns.indices.map { width(of: $0) }
        guard terminal.isTerminal, Self.span(of: whole) > terminal.width else {
            return TextTable(columns: columns, rows: rows).lines(for: terminal)
        }
        let filled = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        let same = rows.count < 2 ? [] : filled.filter { index in rows.allSatisfy { $0[index] == rows[0][index] } }
        let varied = filled.filter { !same.contains($0) }
        let shown = fitting(varied, in: terminal.width)
        let left = varied.dropFirst(shown.count).map { columns[$0].title }
        let table = TextTable(columns: shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } })
        return paragraph(same.map { "\(columns[$0].title) \(rows[0][$0])" }, "", for: terminal)
            + table.lines(for: terminal)
            + paragraph(left, "No room for ", "; JSON and CSV have all columns.", for: terminal)
    }

    private func width(of index: Int) -> Int {
        rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
    }

    private static func span(of widths: [Int]) -> Int {
        widths.reduce(-TextTable.gap) { $0 + $1 + TextTable.gap }
    }

    /// The longest run from the left whose columns, text at its narrowest, fit; at least one.
    private func fitting(_ indices: [Int], in width: Int) -> ArraySlice<Int> {
        let least = indices.map { index in
            let whole = self.width(of: index)
            return columns[index].alignment == .left ? min(whole, TextTable.narrowestColumn) : whole
        }
        let count = indices.indices.last { Self.span(of: Array(least[...$0])) <= width } ?? 0
        return indices.prefix(count + 1)
    }

    private func paragraph(
        _ items: [String], _ start: String, _ end: String = ".", for terminal: Terminal
    ) -> [String] {
        guard !items.isEmpty else { return [] }
        let list = items.map { $0.withoutControls.truncated(to: Self.longestItem, unicode: terminal.usesUnicode) }
        return (start + list.joined(separator: ", ") + end).wrapped(to: terminal.width)
            .map { terminal.styled($0, .faint) }
    }

    private static let longestItem = 60
}
