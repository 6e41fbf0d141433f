import GRDB
import Nouns

/// Rows of a query, in ordered columns.
public struct QueryResult: Sendable, Equatable {
    /// One cell. A blob is text in SQL's own notation, `x'…'`.
    public enum Value: Sendable, Hashable {
        case null
        case int(Int)
        case double(Double)
        case text(String)
        /// Numbers by name.
        case numbers([String: Double])

        init(_ value: DatabaseValue) {
            switch value.storage {
            case .null: self = .null
            case .int64(let number): self = .int(Int(number))
            case .double(let number): self = .double(number)
            case .string(let text): self = .text(text)
            case .blob(let data): self = .text("x'\(hexadecimal(data))'")
            }
        }
    }

    public var columns: [String]
    public var rows: [[Value]]

    public init(columns: [String], rows: [[Value]]) {
        self.columns = columns
        self.rows = rows
    }
}
