/// What a JSON text holds: its value, and the keys that one object names twice.
public struct JSONDocument: Sendable {
    public var value: JSONValue
    public var repeatedKeys: [JSONPath]
}

/// The first place at which a text is not JSON.
public struct JSONSyntaxError: Error, Sendable {
    public var line: Int
    public var column: Int
    public var found: String
    public var allowed: String
}

/// Reads JSON as RFC 8259 has it, and says where and why a text is not.
///
/// Foundation's reader gives neither the place nor repeated keys, and turns large whole numbers into doubles.
public struct JSONReader {
    /// Nesting beyond this is refused, so that a hostile file cannot exhaust the stack.
    static let depthLimit = 64

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private var position = 0
    private var path = JSONPath.root
    private var repeatedKeys: [JSONPath] = []

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // Some editors put a byte-order mark first; it means nothing in UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The value that makes up the whole of `bytes`.
    public static func read(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONDocument {
        var reader = JSONReader(bytes)
        let value = try reader.value()
        reader.skipSpace()
        if reader.position < bytes.count { throw reader.unexpected("nothing after the value") }
        return JSONDocument(value: value, repeatedKeys: reader.repeatedKeys)
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte): return try number()
        default:
            for (word, value) in [("true", JSONValue.boolean(true)), ("false", .boolean(false)), ("null", .null)]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw unexpected("a value: an object, a list, a string in double quotes, a number, true, false or null")
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        try enter()
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else {
                throw unexpected(members.isEmpty ? "a key in double quotes, or }" : "a key in double quotes")
            }
            let key = try string()
            skipSpace()
            guard take(":") else { throw unexpected("a colon after the key") }
            path.components.append(.key(key))
            if members[key] != nil { repeatedKeys.append(path) }
            members[key] = try value()
            path.components.removeLast()
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw unexpected("a comma or }") }
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        try enter()
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            path.components.append(.index(elements.count))
            elements.append(try value())
            path.components.removeLast()
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw unexpected("a comma or ]") }
        }
    }

    private mutating func enter() throws(JSONSyntaxError) {
        if path.components.count >= Self.depthLimit {
            throw fault(
                at: position, found: "an opening bracket", allowed: "at most \(Self.depthLimit) within each other")
        }
        position += 1
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        var isWhole = true
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw fault(at: start, found: text, allowed: "a number no larger than 1.7e308")
        }
        return JSONValue(value)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let current, Self.digits.contains(current) { position += 1 }
        if position == start { throw unexpected("a digit") }
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw fault(at: start, found: "a string that is not UTF-8", allowed: "text in UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                content += try escaped()
            case 0..<0x20:
                throw unexpected("a closing double quote, or the character written as an escape")
            default:
                content.append(byte)
                position += 1
            }
        }
        throw unexpected("a closing double quote")
    }

    private mutating func escaped() throws(JSONSyntaxError) -> [UInt8] {
        let plain: [Character: UInt8] = [
            "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 0x08, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09,
        ]
        if let current, let byte = plain[Character(UnicodeScalar(current))] {
            position += 1
            return [byte]
        }
        let start = position - 1
        guard take("u") else { throw unexpected(#"one of " \ / b f n r t u after a backslash"#) }
        var code = try codeUnit()
        if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
            let low = try codeUnit()
            if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
        }
        guard let scalar = UnicodeScalar(code) else {
            throw fault(at: start, found: "half of a surrogate pair", allowed: "both halves")
        }
        return Array(String(scalar).utf8)
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let current, let digit = Character(UnicodeScalar(current)).hexDigitValue else {
                throw unexpected(#"four hexadecimal digits after \u"#)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let current, [0x20, 0x09, 0x0A, 0x0D].contains(current) { position += 1 }
    }

    private func unexpected(_ allowed: String) -> JSONSyntaxError {
        let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        let found = rest.first.map { $0.isNewline ? "the end of the line" : "'\($0)'" } ?? "the end of the file"
        return fault(at: position, found: found, allowed: allowed)
    }

    private func fault(at place: Int, found: String, allowed: String) -> JSONSyntaxError {
        let before = bytes[..<place]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            line: before.count { $0 == 0x0A } + 1,
            column: String(decoding: bytes[lineStart..<place], as: UTF8.self).unicodeScalars.count + 1,
            found: found, allowed: allowed)
    }
}
