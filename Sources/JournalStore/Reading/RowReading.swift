import GRDB

extension Row {
    /// The value of a column.
    ///
    /// - Throws: ``JournalError`` of kind `badData` with the table, the row, the column and what stands there, where
    ///   that is of another type: a journal is a file that anyone can write to.
    func value<Value: DatabaseValueConvertible>(
        _ column: String, of table: String, as type: Value.Type = Value.self
    ) throws -> Value {
        do {
            return try decode(Value.self, forColumn: column)
        } catch is RowDecodingError {
            throw fault(column, of: table, allowed: Self.wording(of: Value.self))
        }
    }

    /// The value of the column at this place, as ``value(_:of:as:)`` has it.
    func value<Value: DatabaseValueConvertible>(
        at index: Int, _ column: @autoclosure () -> String, of table: String, as type: Value.Type = Value.self
    ) throws -> Value {
        do {
            return try decode(Value.self, atIndex: index)
        } catch is RowDecodingError {
            throw fault(column(), of: table, allowed: Self.wording(of: Value.self))
        }
    }

    /// What is wrong with a column's value, and where.
    func fault(_ column: String, of table: String, allowed: String) -> JournalError {
        let id = (self["id"] as DatabaseValue?).flatMap { Int64.fromDatabaseValue($0) }
        let place = ["table \(table)", id.map { "row \($0)" }, "column \(column)"].compactMap(\.self)
        let found = Self.wording(of: self[column] as DatabaseValue? ?? .null)
        return JournalError(
            .badData,
            "\(place.joined(separator: ", ")) holds \(found); allowed: \(allowed). The journal was changed by "
                + "another program, or is damaged")
    }

    private static func wording(of value: DatabaseValue) -> String {
        switch value.storage {
        case .null: "nothing"
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "the text “\(text.prefix(40))”"
        case .blob(let data): "\(data.count) raw bytes"
        }
    }

    private static func wording(of type: any DatabaseValueConvertible.Type) -> String {
        switch type {
        case is Int.Type, is Int64.Type: "a whole number"
        case is Int?.Type, is Int64?.Type: "a whole number, or nothing"
        case is Double.Type: "a number"
        case is Double?.Type: "a number, or nothing"
        case is String.Type: "a text"
        case is String?.Type: "a text, or nothing"
        case is Bool.Type: "0 or 1"
        default: "a value of type \(type)"
        }
    }
}
