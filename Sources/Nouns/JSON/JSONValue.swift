/// A JSON value, with whole numbers kept exact.
///
/// A number has one representation whatever its spelling: `1`, `1.0` and `1e0` are all `.integer(1)`,
/// so that two specs that mean the same compare equal.
public enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// A number, whole if it is one that a `Double` holds exactly.
    public init(_ number: Double) {
        if number.magnitude <= 0x1p53, let whole = Int(exactly: number) {
            self = .integer(whole)
        } else {
            self = .number(number)
        }
    }

    /// The value that makes up the whole of a JSON text; `nil` where it is none.
    public init?(parsing text: String) {
        guard let document = try? JSONReader.read(Array(text.utf8)) else { return nil }
        self = document.value
    }

    /// The number as a `Double`, or `nil` for anything but a number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    public var object: [String: JSONValue]? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of an object; `nil` where there is none, or no object.
    public subscript(key: String) -> JSONValue? { object?[key] }
}

extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self.init(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}
