/// A table of many columns that goes on below itself where a terminal is too narrow for it.
///
/// The first columns, which say what a row is, are repeated. Elsewhere than on a terminal the table is whole.
struct WrappedTable {
    let columns: [TextTable.Column]
    let rows: [[String]]
    /// How many columns are repeated.
    let repeated: Int

    func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        let parts = terminal.isTerminal ? parts(width: terminal.width - indent) : [Array(columns.indices)]
        let tables = parts.map { part in
            TextTable(columns: part.map { columns[$0] }, rows: rows.map { row in part.map { row[$0] } })
                .lines(for: terminal, indent: indent)
        }
        return Array(tables.joined(separator: [""]))
    }

    /// The columns of each table: as many as fit, and one more than the repeated ones in any case.
    private func parts(width: Int) -> [[Int]] {
        let first = Array(columns.indices.prefix(repeated))
        var parts = [first]
        for index in columns.indices.dropFirst(repeated) {
            let part = parts[parts.count - 1]
            if part.count > repeated, span(of: part + [index]) > width {
                parts.append(first + [index])
            } else {
                parts[parts.count - 1].append(index)
            }
        }
        return parts
    }

    private func span(of indices: [Int]) -> Int {
        indices.reduce(-TextTable.gap) { span, index in
            span + TextTable.gap + rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
        }
    }
}
