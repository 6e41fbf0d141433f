/// Where a value stands in a spec: `evaluation.optimizers[1].learningRate`.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    /// One step down: into an object by its key, or into a list by its index.
    public enum Component: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    public var components: [Component]

    /// The whole spec.
    public static let root = JSONPath(components: [])

    public init(components: [Component]) {
        self.components = components
    }

    /// Reads the spelling of `--set` and `sweep`: keys with dots between them, list indices as `.0` or `[0]`.
    ///
    /// Returns `nil` for an empty key, or brackets that do not close around a whole number.
    public init?(parsing text: String) {
        var components: [Component] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            if !pieces[0].isEmpty {
                components.append(Self.component(pieces[0]))
            } else if pieces.count == 1 || components.isEmpty {
                return nil
            }
            for piece in pieces.dropFirst() {
                guard piece.last == "]", let index = Self.index(piece.dropLast()) else { return nil }
                components.append(.index(index))
            }
        }
        self.components = components
    }

    private static func component(_ text: Substring) -> Component {
        index(text).map { .index($0) } ?? .key(String(text))
    }

    private static func index(_ text: Substring) -> Int? {
        text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }

    /// The path one key further down.
    public func appending(_ key: String) -> JSONPath { JSONPath(components: components + [.key(key)]) }

    /// The path one list element further down.
    public func appending(_ index: Int) -> JSONPath { JSONPath(components: components + [.index(index)]) }

    /// The components that follow `prefix`, or `nil` if the path does not begin with it.
    public func components(after prefix: JSONPath) -> [Component]? {
        components.starts(with: prefix.components) ? Array(components.dropFirst(prefix.components.count)) : nil
    }

    public var description: String {
        var text = ""
        for component in components {
            switch component {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\(JSONValue.string(key).canonicalText)]"
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "$" || $0 == "_" || $0 == "-" }
    }
}
