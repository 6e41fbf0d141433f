import Formats
import Nouns

extension Vocabulary {
    /// The choices in a problem that make a loss without a derivative to follow, each with its place in the problem.
    package func choicesWithoutDerivative(
        in problem: JSONValue
    ) -> [(place: [JSONPath.Component], value: JSONValue)] {
        Format.union(problems).choicesWithoutDerivative(in: problem, at: .root).map { ($0.components, $1) }
    }
}

extension Format {
    fileprivate func choicesWithoutDerivative(in value: JSONValue, at path: JSONPath) -> [(JSONPath, JSONValue)] {
        func inFields(_ fields: [Field]) -> [(JSONPath, JSONValue)] {
            fields.flatMap { field in
                value[field.name].map {
                    field.format.choicesWithoutDerivative(in: $0, at: path.appending(field.name))
                } ?? []
            }
        }
        switch self {
        case .choice(_, let names):
            return value.string.map(names.contains) == true ? [(path, value)] : []
        case .object(let object), .shorthand(_, let object, _), .choiceOrObject(_, let object):
            return inFields(object.fields)
        case .union(let kinds):
            return value["kind"]?.string.flatMap { kinds[$0] }.map { inFields($0.fields) } ?? []
        case .list(let element, _), .oneOrList(let element):
            return (value.array ?? []).enumerated().flatMap {
                element.choicesWithoutDerivative(in: $1, at: path.appending($0))
            }
        case .boolean, .number, .tunable, .numbersToTry, .kindByName, .numberOrChoice, .bounds, .distinct, .text,
            .overlay, .named,
            .sweep:
            return []
        }
    }
}
