import Formats

extension Field {
    /// The field where an object need not be whole.
    var asOptional: Field { Field(name, format, .optional, alternatives: alternatives, summary) }
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
    /// What every object may have beside its fields: a text for whoever reads the spec, which is as if it weren't there.
    static let comment = "$comment"

    /// The field that says which of a union's kinds stands there.
    static func kindField(_ kinds: [Kind]) -> Field {
        Field("kind", .choice(kinds.names), .required, "Which it is.")
    }

    /// The fields of the object that asks for tuning.
    static func tuneFields(_ element: Format) -> [Field] {
        let choices: Format = if case .number(let range) = element { .numbersToTry(range) } else { .list(of: element) }
        return [Field("tune", choices, "The values to choose from.")]
    }

    /// The fields of a range that is searched.
    static func rangeFields(_ range: NumberRange) -> [Field] {
        [
            Field("low", .number(range), "The smallest value."),
            Field("high", .number(range), "The largest value."),
            Field(
                "scale", .choice(["log", "linear"]), default: "log",
                "Whether values lie evenly between the ends, or their logarithms."),
        ]
    }
}
