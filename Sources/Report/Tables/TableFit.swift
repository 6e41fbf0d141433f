/// Which columns of a table a terminal has room for, and how wide they are.
///
/// Where not all fit, those that are empty are left out; what is the same in all rows is said once, above the table;
/// and of the others those that matter less give way to those that matter more.
struct TableFit {
    /// The columns of the table, from the left.
    private(set) var shown: [Int]
    /// How wide each of those is.
    private(set) var widths: [Int]
    /// The columns that have the same cell in all rows.
    private(set) var same: [Int] = []
    /// The columns that have nothing in any row.
    private(set) var empty: [Int] = []
    /// The columns for which there was no room, from the left.
    private(set) var leftOut: [Int] = []

    /// Text is left out rather than cut to fewer columns.
    private static let leastText = 12
    /// A number without a name says little: the second column in importance makes do with so many.
    private static let leastOfSecond = 4

    /// - Parameters:
    ///   - importance: titles, that of the column that matters most first; the others follow from the left.
    ///   - width: the terminal's width, less any indent; nil for no limit.
    init(_ columns: [TextTable.Column], rows: [[String]], importance: [String], width: Int?) {
        let whole = columns.indices.map { index in
            rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
        }
        shown = Array(columns.indices)
        widths = whole
        guard let width, TableLines.span(of: whole) > width else { return }
        let ranked = importance.compactMap { title in columns.firstIndex { $0.title == title } }
        var order = ranked + columns.indices.filter { !ranked.contains($0) }
        if !rows.isEmpty {
            empty = columns.indices.filter { index in rows.allSatisfy { $0[index].isEmpty } }
            order.removeAll(where: empty.contains)
        }
        if rows.count > 1 {
            same = order.filter { index in rows.allSatisfy { $0[index] == rows[0][index] } }.sorted()
            if same.count == order.count { same.removeAll { $0 == order.first } }
            order.removeAll(where: same.contains)
        }

        var given: [Int: Int] = [:]
        func room() -> Int { width - TableLines.span(of: Array(given.values)) }
        for index in order {
            let least = columns[index].mayBeCut ? min(whole[index], Self.leastText) : whole[index]
            let left = room() - TextTable.gap
            if given.isEmpty || least <= left {
                given[index] = least
            } else if index == order[1], columns[index].mayBeCut, left >= Self.leastOfSecond {
                given[index] = left
            }
        }
        for index in order {
            guard let least = given[index] else { continue }
            given[index] = min(whole[index], least + max(0, room()))
        }
        shown = given.keys.sorted()
        widths = shown.compactMap { given[$0] }
        leftOut = order.filter { given[$0] == nil }.sorted()
    }
}
