/// A JSON value whose objects keep their keys in the order given, so that the same results give the same text.
public indirect enum OrderedJSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number. NaN and the infinities, which JSON does not have, are written as the texts `"NaN"`, `"Infinity"` and
    /// `"-Infinity"`, which `Number()` of JavaScript and `float()` of Python read.
    case number(Double)
    case string(String)
    case array([OrderedJSON])
    case object([(key: String, value: OrderedJSON)])

    /// An object with these members, in this order.
    public static func members(_ members: KeyValuePairs<String, OrderedJSON>) -> OrderedJSON {
        .object(members.map { ($0.key, $0.value) })
    }

    /// The same value, with the keys of objects in alphabetical order.
    public init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .boolean(let flag): .bool(flag)
            case .integer(let number): .integer(Int64(number))
            case .number(let number): .number(number)
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map(OrderedJSON.init))
            case .object(let members):
                .object(members.sorted { $0.key < $1.key }.map { ($0.key, OrderedJSON($0.value)) })
            }
    }

    /// The value as JSON text (RFC 8259), with no line break at its end.
    ///
    /// Objects and arrays that hold other objects or lists have a line for each of those; the rest stand on one line.
    /// Numbers have the fewest digits that read back to the same bits.
    public func text() -> String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private var isNested: Bool {
        switch self {
        case .array(let items): items.contains(where: \.isContainer)
        case .object(let members): members.contains { $0.value.isContainer }
        default: false
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    private func write(to text: inout String, indent: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.text(of: value)
        case .string(let value): text.append(quoted: value)
        case .array(let items):
            writeContainer("[", "]", items.count, to: &text, indent: indent) { index, text, indent in
                items[index].write(to: &text, indent: indent)
            }
        case .object(let members):
            writeContainer("{", "}", members.count, to: &text, indent: indent) { index, text, indent in
                text.append(quoted: members[index].key)
                text += ": "
                members[index].value.write(to: &text, indent: indent)
            }
        }
    }

    private static func text(of number: Double) -> String {
        guard !number.isNaN else { return "\"NaN\"" }
        return number.isFinite ? "\(number)" : number < 0 ? "\"-Infinity\"" : "\"Infinity\""
    }

    private func writeContainer(
        _ open: String, _ close: String, _ count: Int, to text: inout String, indent: Int,
        item: (Int, inout String, Int) -> Void
    ) {
        let breaks = isNested
        let inner = indent + 2
        text += open
        for index in 0..<count {
            if index > 0 {
                text += breaks ? "," : ", "
            }
            if breaks {
                text += "\n" + String(repeating: " ", count: inner)
            }
            item(index, &text, inner)
        }
        if breaks {
            text += "\n" + String(repeating: " ", count: indent)
        }
        text += close
    }
}
