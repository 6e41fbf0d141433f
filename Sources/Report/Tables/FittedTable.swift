/// A table of many columns that makes the most of a terminal's width, as ``TableFit`` says. Elsewhere than on a
/// terminal the table is whole.
struct FittedTable {
    let columns: [TextTable.Column]
    let rows: [[String]]
    /// Titles, that of the column that matters most first; the others follow from the left.
    var importance: [String] = []
    /// Where all columns are to be had.
    var elsewhere = "JSON has"

    func lines(for terminal: Terminal, indent: Int = 0) -> [String] {
        let rows = rows.map { $0.map(terminal.showable) }
        let columns = columns.map { $0.shown(on: terminal) }
        let fit = TableFit(
            columns, rows: rows, importance: importance.map(terminal.showable),
            width: terminal.isTerminal ? terminal.width - indent : nil)
        let table = TableLines(
            columns: fit.shown.map { columns[$0] }, widths: fit.widths, terminal: terminal, indent: indent)
        let notes = TableNotes(terminal: terminal, indent: indent)
        return notes.same(fit.same.map { (columns[$0].title, rows[0][$0]) })
            + table.head + rows.map { row in table.line(fit.shown.map { row[$0] }) }
            + notes.leftOut(fit.leftOut.map { columns[$0].title }, elsewhere: elsewhere)
    }
}

/// What is said above and below a table that a terminal has no room for.
struct TableNotes {
    let terminal: Terminal
    var indent = 0

    private static let longestItem = 60

    /// What is the same in all rows.
    func same(_ cells: [(title: String, cell: String)]) -> [String] {
        paragraph(cells.map { "\($0.title) \($0.cell)" }, "", ".")
    }

    /// Which columns are not shown.
    func leftOut(_ titles: [String], elsewhere: String) -> [String] {
        paragraph(titles, "No room for ", "; \(elsewhere) all columns.")
    }

    private func paragraph(_ items: [String], _ start: String, _ end: String) -> [String] {
        guard !items.isEmpty else { return [] }
        let list = items.map {
            terminal.showable($0).truncated(to: Self.longestItem, unicode: terminal.usesUnicode)
        }
        let margin = String(repeating: " ", count: indent)
        return (start + list.joined(separator: ", ") + end).wrapped(to: terminal.width - indent)
            .map { margin + terminal.styled($0, .faint) }
    }
}
