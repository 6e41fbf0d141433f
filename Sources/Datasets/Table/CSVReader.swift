/// The records of a text with separated fields, one after the other (RFC 4180): fields may be in quotes, and then have
/// separators, line breaks and doubled quotes in them. Lines end with a line feed, a carriage return, or both.
struct CSVReader {
    /// A record with the number of the line that it starts on.
    struct Record {
        let line: Int
        let fields: [String]
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let separator: UInt8
    private let path: String
    private var position = 0
    private var line = 1

    private static let (quote, feed, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    /// - Parameters:
    ///   - bytes: UTF-8, perhaps with a mark of that before it.
    ///   - path: what messages call the file.
    init(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8, path: String) {
        self.bytes = bytes
        self.separator = separator
        self.path = path
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next record that is no empty line; nil at the end.
    ///
    /// - Throws: `DatasetError` of kind `malformedFile` where quotes are not as they should be.
    mutating func next() throws -> Record? {
        while position < bytes.count, bytes[position] == Self.feed || bytes[position] == Self.carriageReturn {
            endLine()
        }
        guard position < bytes.count else { return nil }
        let start = line
        var fields = [try field(1)]
        while position < bytes.count, bytes[position] == separator {
            position += 1
            fields.append(try field(fields.count + 1))
        }
        if position < bytes.count { endLine() }
        return Record(line: start, fields: fields)
    }

    private mutating func endLine() {
        let isPair =
            bytes[position] == Self.carriageReturn && position + 1 < bytes.count && bytes[position + 1] == Self.feed
        position += isPair ? 2 : 1
        line += 1
    }

    private func endsField(_ byte: UInt8) -> Bool {
        byte == separator || byte == Self.feed || byte == Self.carriageReturn
    }

    private mutating func field(_ column: Int) throws -> String {
        if position < bytes.count, bytes[position] == Self.quote { return try quoted(column) }
        let start = position
        while position < bytes.count, !endsField(bytes[position]) {
            guard bytes[position] != Self.quote else {
                throw fault("a quote inside a field; allowed: quotes around the whole field, doubled within", column)
            }
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted(_ column: Int) throws -> String {
        let start = line
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.quote {
                guard position < bytes.count, bytes[position] == Self.quote else {
                    guard position == bytes.count || endsField(bytes[position]) else {
                        throw fault("text after a closing quote; allowed: a separator or the end of the line", column)
                    }
                    return String(decoding: text, as: UTF8.self)
                }
                position += 1
            } else if byte == Self.feed {
                line += 1
            }
            text.append(byte)
        }
        line = start
        throw fault("a quote that is never closed", column)
    }

    private func fault(_ problem: String, _ column: Int) -> DatasetError {
        .fault(in: path, "line \(line), column \(column): \(problem)")
    }
}
