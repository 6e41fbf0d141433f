/// The rows of a query, ready to be written as a table, CSV or JSON.
public struct ResultTable: Sendable {
    /// What one cell holds.
    public enum Value: Sendable, Equatable {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)
    }

    /// The names of the columns, in order.
    public let columns: [String]
    /// The rows, each with one value a column.
    public let rows: [[Value]]

    /// A table of these columns and rows.
    public init(columns: [String], rows: [[Value]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has not one value a column")
        self.columns = columns
        self.rows = rows
    }

    /// An aligned table for people: numbers to the right, reals to four significant digits, nulls empty.
    public func text(for terminal: Terminal) -> String {
        let heads = columns.indices.map { index in
            let holdsText = rows.contains { if case .text = $0[index] { true } else { false } }
            return TextTable.Column(columns[index], holdsText ? .left : .right)
        }
        let table = TextTable(columns: heads, rows: rows.map { $0.map(\.readable) })
        return table.lines(for: terminal).map { $0 + "\n" }.joined()
    }

    /// Comma-separated values with a header, quoted as RFC 4180 says, nulls empty, reals with the fewest digits that
    /// read back to the same bits.
    ///
    /// Lines end in a line feed alone, where the RFC has a carriage return too: readers of CSV take both, and `cut`
    /// and `awk` take only this.
    public func csv() -> String {
        var text = columns.map(Self.quoted).joined(separator: ",") + "\n"
        for row in rows {
            text += row.map(\.exact).map(Self.quoted).joined(separator: ",") + "\n"
        }
        return text
    }

    /// A list of objects, one a line, with a key for each column. NaN and the infinities are `null`.
    public func json() -> String {
        guard !rows.isEmpty else { return "[]\n" }
        let objects = rows.map { row in OrderedJSON.object(zip(columns, row).map { ($0, $1.json) }) }
        return OrderedJSON.array(objects).text() + "\n"
    }

    private static func quoted(_ field: String) -> String {
        // By scalars: a carriage return and line feed together are one character.
        guard field.unicodeScalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}

extension ResultTable.Value {
    fileprivate var readable: String {
        switch self {
        case .null: ""
        case .integer(let value): String(value)
        case .real(let value): NumberText.significant(value)
        case .text(let value): value
        }
    }

    fileprivate var exact: String {
        switch self {
        case .null: ""
        case .integer(let value): String(value)
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }

    fileprivate var json: OrderedJSON {
        switch self {
        case .null: .null
        case .integer(let value): .integer(value)
        case .real(let value): .number(value)
        case .text(let value): .string(value)
        }
    }
}
