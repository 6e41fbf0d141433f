import GRDB

/// Rows of a query, in ordered columns.
public struct QueryResult: Sendable, Equatable {
    /// One cell. A blob is text in SQL's own notation, `x'…'`.
    public enum Value: Sendable, Hashable {
        case null
        case int(Int)
        case double(Double)
        case text(String)

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

/// Two digits a byte.
func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
