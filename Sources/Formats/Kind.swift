import Nouns

/// One of the objects that a union allows, called by its `kind`.
public struct Kind: Sendable {
    public let name: String
    public let summary: String
    public let fields: [Field]
    /// What must hold between its fields.
    package let check: @Sendable (CheckedObject) -> [Slip]

    /// - Parameter check: finds what is wrong between fields that are each right by themselves.
    public init(
        _ name: String, _ summary: String, fields: [Field] = [],
        check: @escaping @Sendable (CheckedObject) -> [Slip] = { _ in [] }
    ) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.check = check
    }

    /// The kind with other fields.
    package func with(_ fields: [Field]) -> Kind { Kind(name, summary, fields: fields, check: check) }
}

/// An object with defaults filled in, whose fields have been checked one by one: what is wrong is left out.
public struct CheckedObject {
    public let value: JSONValue
    /// The object as it was given, before defaults.
    public let given: JSONValue
    private let path: JSONPath
    private let hasFault: (JSONPath) -> Bool

    /// - Parameters:
    ///   - given: the object before defaults were filled in.
    ///   - path: where it stands.
    ///   - hasFault: whether something at or below a path is wrong by itself.
    package init(_ value: JSONValue, given: JSONValue, at path: JSONPath, hasFault: @escaping (JSONPath) -> Bool) {
        self.value = value
        self.given = given
        self.path = path
        self.hasFault = hasFault
    }

    /// Whether nothing at or below a place in the object is missing for a fault of its own.
    public func isRight(_ place: JSONPath.Component...) -> Bool {
        !hasFault(JSONPath(components: path.components + place))
    }

    /// An object within it.
    package func part(_ place: JSONPath.Component) -> CheckedObject {
        func part(of value: JSONValue) -> JSONValue {
            if case .key(let key) = place { value[key] ?? .null } else { .null }
        }
        return CheckedObject(
            part(of: value), given: part(of: given), at: JSONPath(components: path.components + [place]),
            hasFault: hasFault)
    }

    /// What messages call a place in the object.
    public func path(of place: JSONPath.Component...) -> String {
        JSONPath(components: path.components + place).description
    }
}

/// Something wrong between the fields of an object.
public struct Slip: Sendable {
    package let place: [JSONPath.Component]
    package let found: String
    package let allowed: String

    /// - Parameter place: where in the object.
    public init(_ place: JSONPath.Component..., found: String, allowed: String) {
        self.init(at: place, found: found, allowed: allowed)
    }

    /// The same fault of an object that has this one at a place.
    package func inside(_ outer: JSONPath.Component) -> Slip {
        Slip(at: [outer] + place, found: found, allowed: allowed)
    }

    /// - Parameter place: where in the object.
    public init(at place: [JSONPath.Component], found: String, allowed: String) {
        self.place = place
        self.found = found
        self.allowed = allowed
    }
}
