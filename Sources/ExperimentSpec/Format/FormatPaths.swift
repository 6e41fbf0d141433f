import Formats
import Nouns

/// Why a path of `--set` or `sweep` leads nowhere.
struct PathFault: Error, Equatable {
    var found: String
    var allowed: String
    var suggestion: String?
}

extension Format {
    /// `old` with the value at `path` replaced, and what is on the way there made, from its default if it has one.
    ///
    /// A field of any kind of a union may be named, whichever kind stands there now: whether it belongs to that
    /// kind is for the check of the whole to say. Setting a field drops its alternatives, and setting a `kind`
    /// drops the fields that the new kind does not have.
    func setting(
        _ path: ArraySlice<JSONPath.Component>, of old: JSONValue?, to new: JSONValue
    ) throws(PathFault) -> JSONValue {
        guard let component = path.first else { return new }
        if case .oneOrList(let element) = self {
            return try (old?.array == nil ? element : .list(of: element)).setting(path, of: old, to: new)
        }
        switch (self, component) {
        case (.list(let element, _), .index(let index)):
            let elements = old?.array ?? []
            guard elements.indices.contains(index) else {
                throw PathFault(found: "index \(index)", allowed: Self.wordingOfIndices(elements.count))
            }
            return .array(
                try elements.replacing(index, with: element.setting(path.dropFirst(), of: elements[index], to: new)))
        case (.bounds(let range), .index(let index)), (.distinct(let range, _), .index(let index)):
            let elements = old?.array ?? []
            guard elements.indices.contains(index) else {
                throw PathFault(found: "index \(index)", allowed: Self.wordingOfIndices(elements.count))
            }
            let element = try Format.number(range).setting(path.dropFirst(), of: elements[index], to: new)
            return .array(elements.replacing(index, with: element))
        case (.numbersToTry(let range), .index):
            return try Format.list(of: .number(range)).setting(path, of: old, to: new)
        case (.list, .key(let key)), (.bounds, .key(let key)), (.distinct, .key(let key)):
            throw PathFault(found: "\"\(key)\"", allowed: Self.wordingOfIndices(old?.array?.count ?? 0))
        case (.named(_, let element), .key(let key)):
            var members = old?.object ?? [:]
            members[key] = try element.setting(path.dropFirst(), of: members[key], to: new)
            return .object(members)
        default:
            return try settingField(path, of: old, to: new)
        }
    }

    private func settingField(
        _ path: ArraySlice<JSONPath.Component>, of old: JSONValue?, to new: JSONValue
    ) throws(PathFault) -> JSONValue {
        let fields = namedFields
        guard case .key(let key) = path.first, let field = fields.first(where: { $0.name == key }) else {
            throw unknownField(path.first, fields.map(\.name))
        }
        var members = old?.object ?? [:]
        if let name = keyOfText, let text = old?.string { members[name] = .string(text) }
        for alternative in field.alternatives { members[alternative] = nil }
        var before = members[key]
        if before == nil, path.count > 1, case .defaulted(let value) = field.presence { before = value }
        members[key] = try field.format.setting(path.dropFirst(), of: before, to: new)
        if key == "kind", let kinds, let kind = members[key]?.string.flatMap({ kinds[$0] }) {
            members = members.filter { member in
                member.key == "kind" || kind.fields.contains { $0.name == member.key }
            }
        }
        return .object(members)
    }

    private func unknownField(_ component: JSONPath.Component?, _ known: [String]) -> PathFault {
        let key: String
        switch component {
        case .key(let name): key = name
        case .index(let index): key = String(index)
        case nil: key = ""
        }
        if known.isEmpty {
            return PathFault(found: "\"\(key)\"", allowed: "nothing below this: here stands \(wording)")
        }
        return PathFault(
            found: "\"\(key)\"", allowed: known.wordingOfFields, suggestion: nearestName(to: key, among: known))
    }

    /// The field of an object for which a plain text may stand.
    private var keyOfText: String? {
        switch self {
        case .shorthand(let key, _, _): key
        case .kindByName: "kind"
        case .tunable(let element): element.keyOfText
        default: nil
        }
    }

    private var kinds: [Kind]? {
        switch self {
        case .union(let kinds), .kindByName(let kinds), .overlay(let kinds, _), .shorthand(_, _, let kinds): kinds
        case .tunable(let element): element.kinds
        default: nil
        }
    }

    /// The fields that a path may name below a value of this format.
    private var namedFields: [Field] {
        switch self {
        case .object(let object), .choiceOrObject(_, let object): object.fields
        case .shorthand(_, let object, let kinds) where kinds.isEmpty: object.fields
        case .shorthand(_, let object, let kinds):
            object.fields
                + ([Self.kindField(kinds)] + kinds.allFields).filter { field in
                    !object.fields.contains { $0.name == field.name }
                }
        case .union(let kinds), .kindByName(let kinds), .overlay(let kinds, _):
            [Self.kindField(kinds)] + kinds.allFields
        case .tunable(let element): Self.tuneFields(element) + element.namedFields
        case .numbersToTry(let range): Self.rangeFields(range)
        default: []
        }
    }

    private static func wordingOfIndices(_ count: Int) -> String {
        count == 0 ? "no index: there is no list yet" : count == 1 ? "index 0" : "an index from 0 to \(count - 1)"
    }
}

extension [JSONValue] {
    fileprivate func replacing(_ index: Int, with value: JSONValue) -> [JSONValue] {
        var elements = self
        elements[index] = value
        return elements
    }
}
