import Nouns

/// Something that is called by a name, and what tells it apart from others of that name.
public struct Named: Hashable, Sendable {
    var name: String
    var content: JSONValue

    public init(name: String, content: JSONValue) {
        self.name = name
        self.content = content
    }

    /// A label for each: its name, followed by the settings in which it differs from others of that name.
    ///
    /// Where kinds differ, the kind comes first, and the other settings only have to tell apart those of one kind:
    /// `adam (learningRate 0.1)`, `mine (kind sgd)`.
    static func labels(of things: [Named]) -> [Named: String] {
        var labels: [Named: String] = [:]
        for (name, sameName) in Dictionary(grouping: Set(things), by: \.name) {
            let kinds = Dictionary(grouping: sameName, by: { $0.content["kind"] })
            for (kind, sameKind) in kinds {
                let differences = differences(between: sameKind)
                for thing in sameKind {
                    var parts = kinds.count > 1 ? ["kind \(kind?.string ?? "")"] : []
                    parts += differences.compactMap { path, called in
                        thing.settings[path].map { "\(called) \(wording(of: $0))" }
                    }
                    labels[thing] = parts.isEmpty ? name : "\(name) (\(parts.joined(separator: ", ")))"
                }
            }
        }
        return unique(labels, inOrderOf: things)
    }

    /// A name may be spelled like another thing's label with its settings; then the later one gets a number.
    private static func unique(_ labels: [Named: String], inOrderOf things: [Named]) -> [Named: String] {
        var unique: [Named: String] = [:]
        var taken: Set<String> = []
        for thing in things where unique[thing] == nil {
            let label = labels[thing, default: thing.name]
            var numbered = label
            var number = 1
            while !taken.insert(numbered).inserted {
                number += 1
                numbered = "\(label) #\(number)"
            }
            unique[thing] = numbered
        }
        return unique
    }

    /// The paths of the settings that are not alike in all, each with the shortest name that tells it from the others.
    private static func differences(between things: [Named]) -> [(path: String, called: String)] {
        let settings = things.map(\.settings)
        let paths = Set(settings.flatMap(\.keys)).sorted().filter { path in
            Set(settings.map { $0[path] }).count > 1
        }
        let shortNames = paths.map(shortName)
        return zip(paths, shortNames).map { path, short in
            (path, shortNames.count { $0 == short } == 1 ? short : path)
        }
    }

    /// The last key of a path, but that of the object for its `name` or `kind`: `dataset`, not `dataset.name`.
    private static func shortName(of path: String) -> String {
        let keys = path.split(separator: ".")
        return String(keys.last { $0 != "name" && $0 != "kind" } ?? keys.last ?? "")
    }

    /// Every setting by its dotted path; a list and a tuned setting are one each.
    private var settings: [String: JSONValue] {
        func flatten(_ value: JSONValue, at path: String, into settings: inout [String: JSONValue]) {
            guard let members = value.object, members["tune"] == nil else {
                settings[path] = value
                return
            }
            for (key, member) in members {
                flatten(member, at: path.isEmpty ? key : "\(path).\(key)", into: &settings)
            }
        }
        var settings: [String: JSONValue] = [:]
        flatten(content, at: "", into: &settings)
        return settings
    }

    private static func wording(of value: JSONValue) -> String {
        if let candidates = value["tune"]?.array {
            return "tuned over " + candidates.map(\.canonicalText).joined(separator: ", ")
        }
        if let range = value["tune"], let low = range["low"], let high = range["high"] {
            let scale = range["scale"]?.string.map { ", \($0)" } ?? ""
            return "searched from \(low.canonicalText) to \(high.canonicalText)\(scale)"
        }
        if let elements = value.array {
            return "[" + elements.map { $0.onlyName ?? $0.canonicalText }.joined(separator: ", ") + "]"
        }
        return value.string ?? value.canonicalText
    }
}

extension JSONValue {
    /// The name of an object that has nothing else.
    fileprivate var onlyName: String? { object?.count == 1 ? self["name"]?.string : nil }
}
