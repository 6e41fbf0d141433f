import Nouns
import Wording

/// What may stand at one place of a spec.
///
/// A format is a value, and everything said about the spec format comes out of it: the checks and their messages
/// (`SpecChecker`), the defaults, the paths that `--set` and `sweep` may name, and the JSON Schema.
public indirect enum Format: Sendable {
    case boolean
    case number(NumberRange)
    /// A number, or `{"tune": [...]}`, a list of numbers to choose from.
    case tunable(NumberRange)
    /// A number, or one of the names.
    case numberOrChoice(NumberRange, [String])
    /// Two whole numbers, the lower first.
    case bounds(NumberRange)
    /// A list of at least two whole numbers, all different.
    case distinct(NumberRange)
    case text(TextRule)
    case choice([String])
    case object(ObjectFormat)
    /// An object for which a plain string may stand, as the value of its field `key`; its others are optional.
    case shorthand(key: String, ObjectFormat)
    /// An object whose field `kind` says which other fields it has.
    case union([Kind])
    /// An object that replaces some fields of another one, which stands at the key `base` of the spec.
    case overlay(of: [Kind], base: String)
    /// A list; with at least one element, unless it may be empty.
    case list(of: Format, mayBeEmpty: Bool = false)
    /// One thing, or a list of at least one of its kind. The thing itself is no list.
    case oneOrList(of: Format)
    /// An object from dotted paths of the spec to lists of values.
    case sweep
}

/// One of the objects that a union allows, called by its `kind`.
///
/// A new kind of problem or optimizer is one of these in `Vocabulary`.
public struct Kind: Sendable {
    public let name: String
    public let summary: String
    public let fields: [Field]

    public init(_ name: String, _ summary: String, fields: [Field] = []) {
        self.name = name
        self.summary = summary
        self.fields = fields
    }
}

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
    /// A field that says the same in another way: at most one of the two may be given.
    public let alternative: String?
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
        _ name: String, _ format: Format, _ presence: Presence, alternative: String? = nil,
        notDefaultedBeside: String? = nil, defaultAtMost: String? = nil, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.format = format
        self.presence = presence
        self.alternative = alternative
        self.notDefaultedBeside = notDefaultedBeside
        self.defaultAtMost = defaultAtMost
    }
}

extension Field {
    /// The field where an object need not be whole.
    var asOptional: Field { Field(name, format, .optional, alternative: alternative, summary) }
}

extension [Kind] {
    subscript(name: String) -> Kind? { first { $0.name == name } }

    var names: [String] { map(\.name) }

    /// The fields of all kinds, each name once.
    var allFields: [Field] {
        reduce(into: []) { fields, kind in
            fields += kind.fields.filter { field in !fields.contains { $0.name == field.name } }
        }
    }
}

extension Format {
    /// The field that says which of a union's kinds stands there.
    static func kindField(_ kinds: [Kind]) -> Field {
        Field("kind", .choice(kinds.names), .required, "Which it is.")
    }

    /// The fields of the object that asks for tuning.
    static func tuneFields(_ range: NumberRange) -> [Field] {
        [Field("tune", .list(of: .number(range)), "The values to choose from.")]
    }

    /// What is allowed, in words.
    var wording: String {
        switch self {
        case .boolean: "true or false"
        case .number(let range): range.wording
        case .tunable(let range): #"\#(range.wording), or {"tune": [...]} with a list of such"#
        case .numberOrChoice(let range, let names): "\(range.wording), or \(names.wordingOfChoice)"
        case .bounds(let range): "a list of two, the lower first, each \(range.wording)"
        case .distinct(let range): "a list of at least two that differ, each \(range.wording)"
        case .text(let rule): rule.wording
        case .choice(let names): names.wordingOfChoice
        case .object(let object): "an object with \(object.fields.map(\.name).wordingOfFields)"
        case .shorthand(let key, let object):
            "the \(key) as a text, or an object with \(object.fields.map(\.name).wordingOfFields)"
        case .union(let kinds): #"an object with "kind": \#(kinds.names.wordingOfChoice)"#
        case .overlay(_, let base): "an object with those fields of \"\(base)\" that it replaces"
        case .list(let element, let mayBeEmpty):
            "a list of \(mayBeEmpty ? "any length" : "at least one"): \(element.wording)"
        case .oneOrList(let element): "\(element.wording), or a list of at least one such"
        case .sweep: "an object from dotted paths of the spec to lists of values, at least one"
        }
    }
}

extension [String] {
    /// `"a", "b" or "c"`.
    var wordingOfChoice: String { map { "\"\($0)\"" }.joined(by: "or") }

    /// `the fields a, b and c`.
    var wordingOfFields: String {
        isEmpty ? "no fields" : "the \(plural(count, "field")) " + joined(by: "and")
    }

    func joined(by conjunction: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}
