import Formats
import Wording

extension Format {
    /// What is allowed, in words.
    var wording: String {
        switch self {
        case .boolean: "true or false"
        case .number(let range): range.wording
        case .tunable(.number(let range)):
            #"\#(range.wording), or {"tune": [...]} with a list of such or {"tune": {"low": ..., "high": ...}} with a range"#
        case .tunable(let element): #"\#(element.wording), or {"tune": [...]} with a list of such"#
        case .numbersToTry(let range):
            "a list of at least one: \(range.wording), or an object with "
                + Self.rangeFields(range).map(\.name).wordingOfFields
        case .numberOrChoice(let range, let names): "\(range.wording), or \(names.wordingOfChoice)"
        case .bounds(let range): "a list of two, the lower first, each \(range.wording)"
        case .distinct(let range, let least):
            "a list of at least \(least == 1 ? "one, none twice" : "two that differ"), each \(range.wording)"
        case .text(let rule): rule.wording
        case .choice(let names, _): names.wordingOfChoice
        case .choiceOrObject(let names, let object):
            "\(names.wordingOfChoice), or an object with \(object.fields.map(\.name).wordingOfFields)"
        case .object(let object): "an object with \(object.fields.map(\.name).wordingOfFields)"
        case .shorthand(let key, let object, let kinds):
            "the \(key) as a text, or an object with \(object.fields.map(\.name).wordingOfFields)"
                + (kinds.isEmpty ? "" : ", or one with \"kind\": \(kinds.names.wordingOfChoice)")
        case .union(let kinds): #"an object with "kind": \#(kinds.names.wordingOfChoice)"#
        case .kindByName(let kinds): #"\#(kinds.names.wordingOfChoice), or an object with one of them as its "kind""#
        case .overlay(_, let base): "an object with those fields of \"\(base)\" that it replaces"
        case .list(let element, let mayBeEmpty):
            "a list of \(mayBeEmpty ? "any length" : "at least one"): \(element.wording)"
        case .oneOrList(let element): "\(element.wording), or a list of at least one such"
        case .named(let names, let element): "an object from \(names) to \(element.wording)"
        case .sweep: "an object from dotted paths of the spec to lists of values, at least one"
        }
    }
}

extension [String] {
    /// `the fields a, b and c`.
    var wordingOfFields: String {
        isEmpty ? "no fields" : "the \(plural(count, "field")) " + joined(by: "and")
    }
}
