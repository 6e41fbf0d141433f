import Formats
import Nouns

/// A kind's own part of a checked spec.
struct CheckedPart {
    let spec: CheckedObject
    /// The part's name in the spec.
    let name: String

    init(_ spec: CheckedObject, _ name: String) {
        self.spec = spec
        self.name = name
    }

    /// The part with its defaults; null where there is none.
    var value: JSONValue { spec.value[name] ?? .null }

    /// The part as it was given.
    var given: JSONValue { spec.given[name] ?? .null }

    /// Something wrong at a place in the part.
    func slip(_ place: JSONPath.Component..., found: String, allowed: String) -> Slip {
        Slip(at: [.key(name)] + place, found: found, allowed: allowed)
    }
}
