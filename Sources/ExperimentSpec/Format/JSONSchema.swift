import Formats
import Nouns

extension Vocabulary {
    /// The JSON Schema (draft 7, which editors know) of specs with this vocabulary; that of the standard one stands in
    /// `Schemas/`.
    ///
    /// A schema cannot say all that the checks do: which numbers divide each other, or which paths exist.
    public var jsonSchema: String {
        var schema = SpecFormat(self).root.schema
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        schema["title"] = "Experiment"
        return JSONValue.object(schema).indentedText
    }
}

extension Format {
    var schema: [String: JSONValue] {
        switch self {
        case .boolean: ["type": "boolean"]
        case .number(let range): range.schema
        case .tunable(let element):
            ["anyOf": [.object(element.schema), .object(Self.schema(of: Self.tuneFields(element)))]]
        case .numbersToTry(let range):
            [
                "anyOf": [
                    .object(Format.list(of: .number(range)).schema), .object(Self.schema(of: Self.rangeFields(range))),
                ]
            ]
        case .numberOrChoice(let range, let names):
            ["anyOf": [.object(range.schema), ["enum": .array(names.map { .string($0) })]]]
        case .bounds(let range):
            ["type": "array", "items": .object(range.schema), "minItems": 2, "maxItems": 2]
        case .distinct(let range, let least):
            ["type": "array", "items": .object(range.schema), "minItems": .integer(least), "uniqueItems": true]
        case .text(let rule): rule.schema
        case .choice(let names, _): ["enum": .array(names.map { .string($0) })]
        case .choiceOrObject(let names, let object):
            ["anyOf": [["enum": .array(names.map { .string($0) })], .object(Self.schema(of: object.fields))]]
        case .object(let object): Self.schema(of: object.fields)
        case .shorthand(let key, let object, let kinds):
            [
                "anyOf": .array(
                    object.schemas(ofField: key) + [.object(Self.schema(of: object.fields))]
                        + kinds.map { .object($0.schema) })
            ]
        case .union(let kinds): ["oneOf": .array(kinds.map { .object($0.schema) })]
        case .kindByName(let kinds):
            [
                "anyOf": .array(
                    [["enum": .array(kinds.names.map { .string($0) })]] + kinds.map { .object($0.schema) })
            ]
        case .overlay(let kinds, _):
            Self.schema(of: ([Self.kindField(kinds)] + kinds.allFields).map(\.asOptional))
        case .list(let element, let mayBeEmpty):
            ["type": "array", "items": .object(element.schema), "minItems": mayBeEmpty ? 0 : 1]
        case .oneOrList(let element):
            ["anyOf": [.object(element.schema), .object(Format.list(of: element).schema)]]
        case .named(_, let element):
            ["type": "object", "minProperties": 1, "additionalProperties": .object(element.schema)]
        case .sweep:
            [
                "type": "object", "minProperties": 1,
                "additionalProperties": ["type": "array", "minItems": 1],
            ]
        }
    }

    fileprivate static func schema(of fields: [Field]) -> [String: JSONValue] {
        var schema: [String: JSONValue] = ["type": "object", "additionalProperties": false]
        schema["properties"] = .object(
            Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.schema) })
                .merging([comment: ["type": "string"]]) { field, _ in field })
        let required = fields.filter { $0.presence == .required }.map(\.name)
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        // Both of a pair name each other.
        var pairs: [JSONValue] = []
        for (index, field) in fields.enumerated() {
            let rivals = fields[index...].map(\.name).filter(field.alternatives.contains)
            pairs += rivals.map { ["required": [.string(field.name), .string($0)]] }
        }
        if let pair = pairs.first { schema["not"] = pairs.count == 1 ? pair : ["anyOf": .array(pairs)] }
        return schema
    }
}

extension Field {
    fileprivate var schema: JSONValue {
        var schema = format.schema
        schema["description"] = .string(summary)
        switch presence {
        case .defaulted(let value), .implied(let value): schema["default"] = value
        default: break
        }
        return .object(schema)
    }
}

extension Kind {
    fileprivate var schema: [String: JSONValue] {
        var schema = Format.schema(of: [Field("kind", .choice([name]), summary)] + fields)
        schema["title"] = .string(name)
        schema["description"] = .string(summary)
        return schema
    }
}

extension ObjectFormat {
    fileprivate func schemas(ofField name: String) -> [JSONValue] {
        fields.filter { $0.name == name }.map { .object($0.format.schema) }
    }
}

extension TextRule {
    fileprivate var schema: [String: JSONValue] {
        var schema: [String: JSONValue] = ["type": "string"]
        schema["pattern"] = pattern.map { .string($0) }
        return schema
    }
}
