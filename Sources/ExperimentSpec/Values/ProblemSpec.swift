import Formats
import Nouns

/// What is optimized: a kind of the vocabulary and its settings, all defaults filled in.
public struct ProblemSpec: Sendable, Hashable {
    /// The settings without `kind` and `name`.
    public let settings: Settings
    public let kind: String
    /// What the spec calls it, if it does.
    public let name: String?

    init(_ filled: Settings) {
        kind = filled.text("kind")
        name = filled.text(ifGiven: "name")
        settings = Settings(filled.values.filter { $0.key != "kind" && $0.key != "name" })
    }

    /// What a student learns, for problems with a student.
    public var classification: ClassificationSpec? {
        switch kind {
        case "classification": ClassificationSpec(settings: settings)
        case "cifar": ClassificationSpec.cifar(settings)
        default: nil
        }
    }

    /// The problems that this one is made of: an ensemble's, or the problem itself.
    public var parts: [ProblemSpec] {
        kind == "ensemble" ? settings.list("problems").map { ProblemSpec($0) } : [self]
    }

    /// Kind and settings as one object; the name says nothing about the problem and is left out.
    public var json: JSONValue {
        .object(settings.values.merging(["kind": .string(kind)]) { $1 })
    }
}
