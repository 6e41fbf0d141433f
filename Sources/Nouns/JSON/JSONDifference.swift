/// A place at which two JSON values differ.
public struct JSONDifference: Sendable, Hashable, CustomStringConvertible {
    public let path: JSONPath
    /// What stands there in the one and in the other; nil where nothing does.
    public let new: JSONValue?
    public let old: JSONValue?

    /// The new value and, in brackets, the old one: `metaTraining.epochs 1 (200)`.
    public var description: String {
        "\(path) \(new?.wording ?? "not given") (\(old?.wording ?? "not given"))"
    }
}

extension JSONValue {
    /// The places at which this value differs from an older one, in the order of their paths; lists of other lengths
    /// differ as a whole.
    public func differences(from old: JSONValue) -> [JSONDifference] {
        Self.differences(self, old, at: .root)
    }

    private static func differences(_ new: JSONValue?, _ old: JSONValue?, at path: JSONPath) -> [JSONDifference] {
        if new == old { return [] }
        if let new = new?.object, let old = old?.object {
            return Set(new.keys).union(old.keys).sorted().flatMap {
                differences(new[$0], old[$0], at: path.appending($0))
            }
        }
        if let new = new?.array, let old = old?.array, new.count == old.count {
            return new.indices.flatMap { differences(new[$0], old[$0], at: path.appending($0)) }
        }
        return [JSONDifference(path: path, new: new, old: old)]
    }
}

extension JSONValue {
    /// What was found, in words: plain values as they stand, cut where they are long.
    public var wording: String {
        switch self {
        case .object: return "an object"
        case .array(let elements) where elements.isEmpty: return "an empty list"
        case .array(let elements) where elements.contains { $0.array != nil || $0.object != nil }: return "a list"
        default:
            let text = canonicalText
            return text.count <= 60 ? text : text.prefix(57) + "..."
        }
    }
}
