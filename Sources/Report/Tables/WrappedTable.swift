/// A table of many columns that goes on below itself where a terminal is too narrow for it.
///
/// The first columns, which say what a row is, are repeated. Elsewhere than on a terminal the table is whole.
struct WrappedTable {
    let columns: [TextTable.Column]
    let rows: [[String]]
    /// How many columns are repeated.
    let repeated: Int

    /// As many of the repeated columns as leave room for the widest other, and one in any case.
    private func repeatedCount(in width: Int) -> Int {
        let others = columns.indices.dropFirst(repeated)
        let fits = (1...max(repeated, 1)).last { count in
            others.allSatisfy { span(of: Array(0..<count) + [$0]) <= width }
        }
        return min(repeated, fits ?? 1)
    }

    func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        let spelled = WrappedTable(
            columns: columns.map { $0.shown(on: terminal) }, rows: rows.map { $0.map(terminal.showable) },
            repeated: repeated)
        let parts = terminal.isTerminal ? spelled.parts(width: terminal.width - indent) : [Array(columns.indices)]
        let tables = parts.map { part in
            TextTable(columns: part.map { columns[$0] }, rows: rows.map { row in part.map { row[$0] } })
                .lines(for: terminal, indent: indent)
        }
        return Array(tables.joined(separator: [""]))
    }

    /// The columns of each table: as many as fit, and one more than the repeated ones in any case.
    private func parts(width: Int) -> [[Int]] {
        let first = Array(columns.indices.prefix(repeatedCount(in: width)))
        var parts = [first]
        for index in columns.indices.dropFirst(repeated) {
            let part = parts[parts.count - 1]
            if part.count > first.count, span(of: part + [index]) > width {
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
