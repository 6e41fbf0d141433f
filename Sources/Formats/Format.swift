import Nouns

/// What may stand at one place of a spec.
///
/// A format is a value, and everything said about the spec format comes out of it: the checks and their messages, the
/// defaults, the paths that `--set` and `sweep` may name, the JSON Schema, and the reference page.
public indirect enum Format: Sendable {
    case boolean
    case number(NumberRange)
    /// What another format allows, or `{"tune": [...]}`, a list of such to choose from; of numbers also
    /// `{"tune": {"low": …, "high": …}}`, a range that is searched.
    case tunable(Format)
    /// Numbers to choose from: a list of at least one, or the ends of a range.
    case numbersToTry(NumberRange)
    /// A number, or one of the names.
    case numberOrChoice(NumberRange, [String])
    /// Two whole numbers, the lower first.
    case bounds(NumberRange)
    /// A list of whole numbers, all different.
    case distinct(NumberRange, atLeast: Int = 2)
    case text(TextRule)
    /// One of the names, some of which may make a loss that has no derivative to follow.
    case choice([String], withoutDerivative: [String] = [])
    /// One of the names, or an object that says it otherwise.
    case choiceOrObject([String], ObjectFormat)
    case object(ObjectFormat)
    /// An object for which a plain string may stand, as the value of its field `key`; its others are optional. Or one
    /// that says by its `kind` which other it is.
    case shorthand(key: String, ObjectFormat, or: [Kind] = [])
    /// An object whose field `kind` says which other fields it has.
    case union([Kind])
    /// One of the kinds by its name, where its defaults do, or as an object like those of a union.
    case kindByName([Kind])
    /// An object that replaces some fields of another one, which stands at the key `base` of the spec.
    case overlay(of: [Kind], base: String)
    /// A list; with at least one element, unless it may be empty.
    case list(of: Format, mayBeEmpty: Bool = false)
    /// One thing, or a list of at least one of its kind. The thing itself is no list.
    case oneOrList(of: Format)
    /// An object from names of something to values; at least one.
    case named(String, of: Format)
    /// An object from dotted paths of the spec to lists of values.
    case sweep
}
