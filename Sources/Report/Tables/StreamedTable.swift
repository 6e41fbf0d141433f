import JournalStore

/// A table that is written while its rows still come, in memory that does not grow with them.
///
/// The first rows, a batch of them, decide which columns there are and how wide. A later cell that needs more room gets
/// it, as far as there is some, and its column keeps it; into files and pipes there always is. On a terminal text is
/// cut where there is none. Numbers are not: for one that does not fit, and for a row that is not as was said above the
/// table, the table begins anew below, with a batch of its own.
struct StreamedTable {
    private let titles: [String]
    private let priorities: ColumnPriorities
    private let terminal: Terminal
    private let write: (String) throws -> Void
    private var batch: [[QueryResult.Value]] = []
    private var section: Section?
    private var leftOut: Set<Int> = []
    private var sections = 0

    /// So many rows are read, at most, before the first is written.
    static let batchSize = 200

    init(
        columns titles: [String], priorities: ColumnPriorities, for terminal: Terminal,
        write: @escaping (String) throws -> Void
    ) {
        self.titles = titles.map(terminal.showable)
        self.priorities = priorities
        self.terminal = terminal
        self.write = write
    }

    mutating func add(row: [QueryResult.Value]) throws {
        if section != nil {
            let cells = cells(row)
            if let line = section?.line(of: cells) {
                return try write(line + "\n")
            }
            section = nil
        }
        batch.append(row)
        if batch.count == Self.batchSize { try beginSection() }
    }

    /// Writes what has come since, and which columns had no room.
    mutating func finish() throws {
        if sections == 0 || !batch.isEmpty { try beginSection() }
        let titles = leftOut.sorted().map { self.titles[$0] }
        try write(TableNotes(terminal: terminal).leftOut(titles, elsewhere: "JSON and CSV have").asText)
    }

    private func cells(_ row: [QueryResult.Value]) -> [String] { row.map { terminal.showable($0.readable) } }

    /// Lays out for the batch, and writes it.
    private mutating func beginSection() throws {
        let columns = titles.indices.map { index in
            let holdsText = batch.contains { if case .text = $0[index] { true } else { false } }
            return TextTable.Column(
                titles[index], holdsText ? .left : .right,
                mayBeCut: holdsText && !priorities.uncut.contains(titles[index]))
        }
        let rows = batch.map(cells)
        batch = []
        let fit = TableFit(
            columns, rows: rows, importance: priorities.order, width: terminal.isTerminal ? terminal.width : nil)
        let section = Section(
            fit: fit, said: rows.first.map { first in (fit.same + fit.empty).map { ($0, first[$0]) } } ?? [],
            lines: TableLines(columns: fit.shown.map { columns[$0] }, widths: fit.widths, terminal: terminal))
        var lines = sections > 0 ? [""] : []
        lines += TableNotes(terminal: terminal).same(fit.same.map { (titles[$0], rows[0][$0]) })
        lines += section.lines.head
        for row in rows { lines.append(section.cutLine(of: row)) }
        sections += 1
        leftOut.formUnion(fit.leftOut)
        self.section = section
        try write(lines.asText)
    }

    private struct Section {
        let fit: TableFit
        /// The cells of the columns that are not in the table, as all rows have them.
        let said: [(index: Int, cell: String)]
        var lines: TableLines

        /// The line of a row with these cells; nil where it does not fit in.
        mutating func line(of cells: [String]) -> String? {
            guard said.allSatisfy({ cells[$0.index] == $0.cell }) else { return nil }
            for (position, index) in fit.shown.enumerated() {
                let missing = cells[index].displayWidth - lines.widths[position]
                guard missing > 0 else { continue }
                let room = lines.terminal.isTerminal ? max(0, lines.terminal.width - lines.span) : missing
                if room < missing, !lines.columns[position].mayBeCut { return nil }
                lines.widths[position] += min(room, missing)
            }
            return cutLine(of: cells)
        }

        func cutLine(of cells: [String]) -> String { lines.line(fit.shown.map { cells[$0] }) }
    }
}

extension [String] {
    /// These lines, each with its end.
    fileprivate var asText: String { map { $0 + "\n" }.joined() }
}
