import Nouns

/// A value set from the command line, `--set PATH=VALUE`.
public struct SpecOverride: Sendable, Hashable {
    public let path: JSONPath
    public let value: JSONValue
    /// `PATH=VALUE` as it was given.
    public let text: String

    /// Reads `PATH=VALUE`: dotted keys with list indices as `.0` or `[0]`, and a value that is JSON, or else the
    /// text itself.
    public init(parsing text: String) throws(SpecError) {
        let source = Self.source(text)
        guard let equals = text.firstIndex(of: "=") else {
            throw SpecError([
                SpecFault(file: source, place: "", found: "no =", allowed: "PATH=VALUE, such as evaluation.steps=50")
            ])
        }
        guard let path = JSONPath(parsing: String(text[..<equals])) else {
            throw SpecError([
                SpecFault(
                    file: source, place: "", found: "the path \"\(text[..<equals])\"",
                    allowed: "keys with dots between them, and list indices: evaluation.optimizers[0].kind")
            ])
        }
        let written = String(text[text.index(after: equals)...])
        self.path = path
        self.text = text
        value = JSONValue(parsing: written) ?? .string(written)
    }

    /// What messages call it; values can be long.
    var source: String { Self.source(text) }

    /// How a shell is given the value as a text, where it was not taken for one.
    var quoted: String? {
        guard value.string == nil, let equals = text.firstIndex(of: "=") else { return nil }
        let written = JSONValue.string(String(text[text.index(after: equals)...])).canonicalText
        return "--set '\(text[..<equals])=\(written)'"
    }

    private static func source(_ text: String) -> String {
        "--set " + (text.count <= 60 ? text : text.prefix(57) + "...")
    }
}
