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
    /// The places at which this value differs from an older one, in the order of their paths. Lists of other lengths
    /// differ as a whole; those of objects, in what was added and left out, each at its place in the list that has it.
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
        if let new = new?.array, let old = old?.array {
            if new.count == old.count {
                return new.indices.flatMap { differences(new[$0], old[$0], at: path.appending($0)) }
            }
            if (new + old).allSatisfy({ $0.object != nil }) { return differences(ofObjects: new, old, at: path) }
        }
        return [JSONDifference(path: path, new: new, old: old)]
    }

    /// Elements that both lists have, in one order, stand for themselves; those between are compared one by one, as far
    /// as both have one.
    private static func differences(
        ofObjects new: [JSONValue], _ old: [JSONValue], at path: JSONPath
    ) -> [JSONDifference] {
        var differences: [JSONDifference] = []
        var (newIndex, oldIndex) = (0, 0)
        for common in commonElements(new, old) + [(new.count, old.count)] {
            while newIndex < common.0 || oldIndex < common.1 {
                let isInNew = newIndex < common.0
                differences += Self.differences(
                    isInNew ? new[newIndex] : nil, oldIndex < common.1 ? old[oldIndex] : nil,
                    at: path.appending(isInNew ? newIndex : oldIndex))
                if newIndex < common.0 { newIndex += 1 }
                if oldIndex < common.1 { oldIndex += 1 }
            }
            (newIndex, oldIndex) = (common.0 + 1, common.1 + 1)
        }
        return differences
    }

    /// The places of a longest common subsequence in both lists.
    private static func commonElements(_ first: [JSONValue], _ second: [JSONValue]) -> [(Int, Int)] {
        var lengths = Array(repeating: Array(repeating: 0, count: second.count + 1), count: first.count + 1)
        for i in first.indices.reversed() {
            for j in second.indices.reversed() {
                lengths[i][j] =
                    first[i] == second[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var places: [(Int, Int)] = []
        var (i, j) = (0, 0)
        while i < first.count, j < second.count {
            if first[i] == second[j] {
                places.append((i, j))
                (i, j) = (i + 1, j + 1)
            } else if lengths[i + 1][j] >= lengths[i][j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return places
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
