extension JSONValue {
    /// The value on one line: keys sorted, no spaces, numbers in their shortest spelling that reads back the same.
    ///
    /// Equal values have equal texts, so this is what hashes are taken of.
    public var canonicalText: String {
        var text = ""
        write(to: &text, layout: nil)
        return text
    }

    /// The value over several lines, indented by two spaces, keys sorted.
    public var indentedText: String {
        var text = ""
        write(to: &text, layout: 0)
        return text + "\n"
    }

    private func write(to text: inout String, layout: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += "\(value)"
        case .number(let value): text += "\(value)"
        case .string(let value): text.append(quoted: value)
        case .array(let elements):
            // A list of plain values reads best on one line.
            let isPlain = elements.allSatisfy { $0.array == nil && $0.object == nil }
            Self.writeList(
                elements, between: ("[", "]"), to: &text, layout: isPlain ? nil : layout,
                separator: isPlain && layout != nil ? ", " : ","
            ) { element, text, inner in
                element.write(to: &text, layout: inner)
            }
        case .object(let members):
            Self.writeList(members.keys.sorted(), between: ("{", "}"), to: &text, layout: layout) {
                key, text, inner in
                text.append(quoted: key)
                text += inner == nil ? ":" : ": "
                members[key]?.write(to: &text, layout: inner)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], between brackets: (String, String), to text: inout String, layout: Int?,
        separator: String = ",", write: (Element, inout String, Int?) -> Void
    ) {
        text += brackets.0
        let inner = layout.map { $0 + 1 }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += separator }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            write(element, &text, inner)
        }
        if let layout, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: layout) }
        text += brackets.1
    }
}

extension String {
    /// The text in double quotes, as JSON has it.
    public var quotedAsJSON: String {
        var text = ""
        text.append(quoted: self)
        return text
    }

    /// Appends a text in double quotes, with escapes for quotes, backslashes and control characters.
    mutating func append(quoted string: String) {
        // Most strings need no escapes, and are written much faster whole.
        guard string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            self += "\"\(string)\""
            return
        }
        self += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": self += "\\\""
            case "\\": self += "\\\\"
            case "\n": self += "\\n"
            case "\r": self += "\\r"
            case "\t": self += "\\t"
            case _ where scalar.value < 0x20: self += "\\u00" + hexadecimal([UInt8(scalar.value)])
            default: unicodeScalars.append(scalar)
            }
        }
        self += "\""
    }
}
