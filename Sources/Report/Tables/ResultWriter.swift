import JournalStore
import Nouns

/// The forms in which the rows of a query are written.
public enum ResultFormat: String, Sendable, CaseIterable {
    /// An aligned table for people: numbers to the right, reals to four significant digits, nulls empty.
    case table
    /// A list of objects, one a line, with a key for each column. What JSON has no number for is text that other
    /// programs read as one: `"NaN"`, `"Infinity"`, `"-Infinity"`.
    case json
    /// JSON Lines: the same objects without a list around them.
    case jsonl
    /// Comma-separated values with a header, quoted as RFC 4180 says, nulls empty.
    ///
    /// Lines end in a line feed alone, where the RFC has a carriage return too: readers of CSV take both, and `cut`
    /// and `awk` take only this.
    case csv
}

/// What a table keeps where a terminal is too narrow for all its columns.
public struct ColumnPriorities: Sendable {
    /// Columns, the one that matters most first; those not named follow from the left.
    public var order: [String]
    /// Columns of text that is shown whole or not at all; other text may be cut.
    public var uncut: Set<String>

    public init(order: [String] = [], uncut: Set<String> = []) {
        self.order = order
        self.uncut = uncut
    }
}

/// Writes the rows of a query as they come. A table waits for its first rows, up to 200, to know how wide its columns
/// are.
///
/// Memory does not grow with the number of rows.
/// In CSV and JSON a real number has the fewest digits that read back to the same bits.
public struct ResultWriter {
    private let format: ResultFormat
    private let terminal: Terminal
    private let priorities: ColumnPriorities
    private let write: (String) throws -> Void
    private var columns: [String] = []
    private var table: StreamedTable?
    private var rowCount = 0

    /// A writer of results in this format; `terminal` is where a table is laid out for, with `priorities`.
    public init(
        _ format: ResultFormat, for terminal: Terminal, priorities: ColumnPriorities = ColumnPriorities(),
        write: @escaping (String) throws -> Void
    ) {
        self.format = format
        self.terminal = terminal
        self.priorities = priorities
        self.write = write
    }

    /// Takes the names of the columns, before any row.
    public mutating func begin(columns: [String]) throws {
        self.columns = columns
        switch format {
        case .table: table = StreamedTable(columns: columns, priorities: priorities, for: terminal, write: write)
        case .json: try write("[")
        case .jsonl: break
        case .csv: try write(columns.map(Self.quoted).joined(separator: ",") + "\n")
        }
    }

    /// Takes a row, one value a column.
    public mutating func add(row: [QueryResult.Value]) throws {
        precondition(row.count == columns.count, "a row has not one value a column")
        switch format {
        case .table:
            try table?.add(row: row)
        case .json:
            let object = OrderedJSON.object(zip(columns, row).map { ($0, $1.json) })
            try write((rowCount == 0 ? "\n  " : ",\n  ") + object.text())
        case .jsonl:
            // An object in an object would take lines of its own.
            let members = zip(columns, row).map { "\($0.quotedAsJSON): \($1.json.text())" }
            try write("{\(members.joined(separator: ", "))}\n")
        case .csv:
            try write(row.map(Self.csv).joined(separator: ",") + "\n")
        }
        rowCount += 1
    }

    /// Writes what is still to be written after the last row.
    public mutating func finish() throws {
        switch format {
        case .table: try table?.finish()
        case .json: try write(rowCount == 0 ? "]\n" : "\n]\n")
        case .csv, .jsonl: break
        }
    }

    /// A value as a field of CSV.
    static func csv(_ value: QueryResult.Value) -> String { quoted(value.exact) }

    private static let quotedBytes = Set(",\"\n\r".utf8)

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: quotedBytes.contains) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}

extension QueryResult.Value {
    /// As a person reads it: numbers in four digits.
    var readable: String {
        switch self {
        case .null: ""
        case .int(let value): String(value)
        case .double(let value): NumberText.significant(value)
        case .text(let value): value
        case .numbers(let values): Self.list(values) { NumberText.significant($0) }
        }
    }

    private static func list(_ values: [String: Double], _ text: (Double) -> String) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\(text($0.value))" }.joined(separator: " ")
    }

    fileprivate var exact: String {
        switch self {
        case .null: ""
        case .int(let value): String(value)
        case .double(let value): value.isNaN ? "nan" : "\(value)"
        case .text(let value): value
        case .numbers(let values): Self.list(values) { $0.isNaN ? "nan" : "\($0)" }
        }
    }

    var json: OrderedJSON {
        switch self {
        case .null: .null
        case .int(let value): .integer(Int64(value))
        case .double(let value): .number(value)
        case .text(let value): .string(value)
        case .numbers(let values):
            .object(values.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
        }
    }
}
