import Nouns

/// The named fields of an object.
public struct ObjectFormat: Sendable {
    public let fields: [Field]

    public init(_ fields: [Field]) {
        self.fields = fields
    }
}

/// A field of an object: its name, what may stand there, and what holds when it is left out.
public struct Field: Sendable {
    public enum Presence: Sendable, Equatable {
        case required
        case optional
        case defaulted(JSONValue)
        /// As `defaulted`, but the filled-in spec leaves out the default itself: a field added like this changes the
        /// hash of no spec that was written before it.
        case implied(JSONValue)
        /// Another place for a field of the same name in the object that stands at this sibling.
        case partOf(String)
    }

    public let name: String
    public let summary: String
    public let format: Format
    public let presence: Presence
    /// Fields that say the same in another way, each of which names this one too: at most one of them may be given.
    public let alternatives: [String]
    /// A field beside which this one has no default.
    public let notDefaultedBeside: String?
    /// A number that comes before this one and that this one's default doesn't exceed.
    public let defaultAtMost: String?

    /// A field that must be given.
    public init(_ name: String, _ format: Format, _ summary: String) {
        self.init(name, format, .required, summary)
    }

    /// A field that is given its default where it is left out.
    public init(_ name: String, _ format: Format, default value: JSONValue, _ summary: String) {
        self.init(name, format, .defaulted(value), summary)
    }

    public init(
        _ name: String, _ format: Format, _ presence: Presence, alternatives: [String] = [],
        notDefaultedBeside: String? = nil, defaultAtMost: String? = nil, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.format = format
        self.presence = presence
        self.alternatives = alternatives
        self.notDefaultedBeside = notDefaultedBeside
        self.defaultAtMost = defaultAtMost
    }
}
