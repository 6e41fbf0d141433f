import JournalStore

/// The forms in which the rows of a query are written.
public enum ResultFormat: String, Sendable, CaseIterable {
    /// An aligned table for people: numbers to the right, reals to four significant digits, nulls empty.
    case table
    /// A list of objects, one a line, with a key for each column. NaN and the infinities are `null`.
    case json
    /// Comma-separated values with a header, quoted as RFC 4180 says, nulls empty.
    ///
    /// Lines end in a line feed alone, where the RFC has a carriage return too: readers of CSV take both, and `cut`
    /// and `awk` take only this.
    case csv
}

/// Writes the rows of a query as they come; only a table, whose columns must be as wide as their widest cell, waits
/// for the last one.
///
/// In CSV and JSON a real number has the fewest digits that read back to the same bits.
public struct ResultWriter {
    private let format: ResultFormat
    private let terminal: Terminal
    private let write: (String) throws -> Void
    private var columns: [String] = []
    private var tableRows: [[QueryResult.Value]] = []
    private var rowCount = 0

    /// A writer of results in this format; `terminal` is where a table is laid out for.
    public init(_ format: ResultFormat, for terminal: Terminal, write: @escaping (String) throws -> Void) {
        self.format = format
        self.terminal = terminal
        self.write = write
    }

    /// Takes the names of the columns, before any row.
    public mutating func begin(columns: [String]) throws {
        self.columns = columns
        switch format {
        case .table: break
        case .json: try write("[")
        case .csv: try write(columns.map(Self.quoted).joined(separator: ",") + "\n")
        }
    }

    /// Takes a row, one value a column.
    public mutating func add(row: [QueryResult.Value]) throws {
        precondition(row.count == columns.count, "a row has not one value a column")
        switch format {
        case .table:
            tableRows.append(row)
        case .json:
            let object = OrderedJSON.object(zip(columns, row).map { ($0, $1.json) })
            try write((rowCount == 0 ? "\n  " : ",\n  ") + object.text())
        case .csv:
            try write(row.map { Self.quoted($0.exact) }.joined(separator: ",") + "\n")
        }
        rowCount += 1
    }

    /// Writes what is still to be written after the last row.
    public mutating func finish() throws {
        switch format {
        case .table: try writeTable()
        case .json: try write(rowCount == 0 ? "]\n" : "\n]\n")
        case .csv: break
        }
    }

    private func writeTable() throws {
        let heads = columns.indices.map { index in
            let holdsText = tableRows.contains { if case .text = $0[index] { true } else { false } }
            return TextTable.Column(columns[index], holdsText ? .left : .right)
        }
        let table = FittedTable(columns: heads, rows: tableRows.map { $0.map(\.readable) })
        for line in table.lines(for: terminal) {
            try write(line + "\n")
        }
    }

    private static let quotedBytes = Set(",\"\n\r".utf8)

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: quotedBytes.contains) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}

extension QueryResult.Value {
    fileprivate var readable: String {
        switch self {
        case .null: ""
        case .int(let value): String(value)
        case .double(let value): NumberText.significant(value)
        case .text(let value): value
        }
    }

    fileprivate var exact: String {
        switch self {
        case .null: ""
        case .int(let value): String(value)
        case .double(let value): "\(value)"
        case .text(let value): value
        }
    }

    fileprivate var json: OrderedJSON {
        switch self {
        case .null: .null
        case .int(let value): .integer(Int64(value))
        case .double(let value): .number(value)
        case .text(let value): .string(value)
        }
    }
}
