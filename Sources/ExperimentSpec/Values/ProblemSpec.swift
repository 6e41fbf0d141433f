import Formats
import Nouns

/// What is optimized: a kind of the vocabulary and its settings, all defaults filled in.
public struct ProblemSpec: Sendable, Hashable {
    /// The settings without `kind` and `name`.
    public let settings: Settings
    public let kind: String
    /// What the spec calls it, if it does.
    public let name: String?

    /// - Parameter filled: kind and settings, and perhaps a name.
    public init(_ filled: Settings) {
        kind = filled.text("kind")
        name = filled.text(ifGiven: "name")
        settings = Settings(filled.values.filter { $0.key != "kind" && $0.key != "name" })
    }

    /// Kind and settings as one object; the name says nothing about the problem and is left out.
    public var json: JSONValue {
        .object(settings.values.merging(["kind": .string(kind)]) { $1 })
    }
}
