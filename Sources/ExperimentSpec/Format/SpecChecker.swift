import Formats
import Nouns

/// Holds a JSON value against a format, gathers every fault, and fills in the defaults.
struct SpecChecker {
    let file: String
    /// The spec as a whole, for the formats that look elsewhere in it.
    let root: JSONValue
    /// What numbers are computed in; nil where that is not known.
    private let precision: ExperimentSettings.Precision?
    /// Whether what must hold between the fields of kinds is checked too. Before a sweep has set its values, it need
    /// not hold yet.
    private let checksBetweenFields: Bool
    private(set) var faults: [SpecFault] = []

    /// A checker of a spec, or of a part of one.
    init(file: String, root: JSONValue, betweenFields: Bool = true) {
        self.file = file
        self.root = root
        checksBetweenFields = betweenFields
        precision = ExperimentSettings.Precision(rawValue: root["precision"]?.string ?? "single")
    }

    /// A checker of settings that were kept somewhere, without the spec that they are from.
    init(file: String, settings: JSONValue) {
        self.file = file
        root = settings
        checksBetweenFields = true
        precision = nil
    }

    /// The value with all defaults filled in, or `nil` if it is of the wrong type or out of range.
    ///
    /// What is wrong deeper inside is left out of the result (in a list, `null` stands in its place), so that
    /// further checks can go on with what is right.
    mutating func check(_ value: JSONValue, against format: Format, at path: JSONPath) -> JSONValue? {
        switch format {
        case .boolean: return accept(value, if: value.boolean != nil, format, path)
        case .number(let range): return number(value, range, format, path)
        case .tunable(let element): return tunable(value, element, format, path)
        case .numbersToTry(let range):
            guard let members = value.object else {
                return list(value, of: .number(range), mayBeEmpty: false, format, path)
            }
            return ends(of: range, members, path)
        case .numberOrChoice(let range, let names):
            guard let name = value.string else { return number(value, range, format, path) }
            return accept(value, if: names.contains(name), format, path)
        case .bounds(let range):
            let pair = value.array ?? []
            let isPair = pair.count == 2 && pair.allSatisfy(range.contains)
            return accept(value, if: isPair && pair[0].double! <= pair[1].double!, format, path)
        case .distinct(let range, let least):
            let numbers = value.array ?? []
            let areDistinct = numbers.count >= least && Set(numbers).count == numbers.count
            return accept(value, if: areDistinct && numbers.allSatisfy(range.contains), format, path)
        case .text(let rule):
            return accept(value, if: value.string.map(rule.allows) ?? false, format, path)
                .map { rule.normalized($0) }
        case .choice(let names, _): return choice(value, names, path)
        case .choiceOrObject(let names, let object):
            if value.string != nil { return choice(value, names, path) }
            guard let members = members(of: value, format, path) else { return nil }
            return .object(fields(members, object.fields, at: path))
        case .object(let object):
            guard let members = members(of: value, format, path) else { return nil }
            return .object(fields(members, object.fields, at: path))
        case .shorthand(let key, let object, let kinds):
            if isMeant(value, asOneOf: kinds, ratherThan: object) { return union(value, kinds, format, path) }
            if value.string != nil, let field = object.fields.first(where: { $0.name == key }) {
                return check(value, against: field.format, at: path).map { .object([key: $0]) }
            }
            guard let members = members(of: value, format, path) else { return nil }
            return .object(fields(members, object.fields, at: path))
        case .union(let kinds): return union(value, kinds, format, path)
        case .kindByName(let kinds): return kind(value, of: kinds, format, path)
        case .overlay(let kinds, let base): return overlay(value, kinds, base, format, path)
        case .list(let element, let mayBeEmpty):
            return list(value, of: element, mayBeEmpty: mayBeEmpty, format, path)
        case .oneOrList(let element):
            return value.array == nil
                ? one(value, of: element, format, path)
                : list(value, of: element, mayBeEmpty: false, format, path)
        case .named(_, let element): return named(value, element, format, path)
        case .sweep: return sweep(value, format, path)
        }
    }

    mutating func report(_ path: JSONPath, found: String, allowed: String, suggestion: String? = nil) {
        faults.append(
            SpecFault(
                file: file, place: path.description, found: found, allowed: allowed, suggestion: suggestion))
    }

    /// What is wrong between the fields of the object at a path.
    mutating func report(_ slip: Slip, in path: JSONPath) {
        report(JSONPath(components: path.components + slip.place), found: slip.found, allowed: slip.allowed)
    }

    private mutating func accept(
        _ value: JSONValue, if isAllowed: Bool, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        if !isAllowed { report(path, found: value.wording, allowed: format.wording) }
        return isAllowed ? value : nil
    }

    /// In range, and still what it is in the precision of the spec.
    private mutating func number(
        _ value: JSONValue, _ range: NumberRange, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        if let precision, range.contains(value), let number = value.double,
            let fault = range.use.fault(of: number, in: precision)
        {
            report(
                path, found: "\(value.wording), \(fault)",
                allowed: "\(format.wording); \(range.use.wording(in: precision))")
            return nil
        }
        return accept(value, if: range.contains(value), format, path)
    }

    private mutating func choice(_ value: JSONValue, _ names: [String], _ path: JSONPath) -> JSONValue? {
        if let name = value.string, names.contains(name) { return value }
        let suggestion = value.string.flatMap { nearestName(to: $0, among: names) }
        report(path, found: value.wording, allowed: names.wordingOfChoice, suggestion: suggestion)
        return nil
    }

    private mutating func members(
        of value: JSONValue, _ format: Format, _ path: JSONPath
    ) -> [String: JSONValue]? {
        if value.object == nil { report(path, found: value.wording, allowed: format.wording) }
        return value.object
    }

    private mutating func tunable(
        _ value: JSONValue, _ element: Format, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        if case .number(let range) = element, value.object == nil { return number(value, range, format, path) }
        guard let members = value.object, members["kind"] == nil else {
            return one(value, of: element, format, path)
        }
        return .object(fields(members, Format.tuneFields(element), at: path))
    }

    /// The ends of a range that is searched.
    private mutating func ends(of range: NumberRange, _ given: [String: JSONValue], _ path: JSONPath) -> JSONValue? {
        let filled = fields(given, Format.rangeFields(range), at: path)
        guard let low = filled["low"]?.double, let high = filled["high"]?.double else { return .object(filled) }
        if low >= high {
            report(
                path.appending("high"), found: "\(JSONValue(high).canonicalText)",
                allowed: "more than \"low\", which is \(JSONValue(low).canonicalText)")
        } else if filled["scale"] == "log", low <= 0 {
            report(
                path.appending("low"), found: JSONValue(low).canonicalText,
                allowed: "a number greater than 0, or the \"scale\" \"linear\"")
        } else if !(high / low).isFinite, filled["scale"] == "log" {
            report(
                path.appending("high"), found: JSONValue(high).canonicalText,
                allowed: "a number whose ratio to \"low\" is finite")
        }
        return .object(filled)
    }

    /// What has nothing but its name comes to be the name alone, so that both spellings are one.
    private mutating func kind(
        _ value: JSONValue, of kinds: [Kind], _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        if value.string != nil, choice(value, kinds.names, path) == nil { return nil }
        let whole = value.string.map { JSONValue.object(["kind": .string($0)]) } ?? value
        guard let checked = union(whole, kinds, format, path) else { return nil }
        return checked.object?.count == 1 ? checked["kind"] : checked
    }

    private mutating func list(
        _ value: JSONValue, of element: Format, mayBeEmpty: Bool, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        guard let elements = value.array, mayBeEmpty || !elements.isEmpty else {
            return accept(value, if: false, format, path)
        }
        return .array(
            elements.enumerated().map { check($1, against: element, at: path.appending($0)) ?? .null })
    }

    /// Where the value as a whole is wrong, a list would do as well.
    private mutating func one(
        _ value: JSONValue, of element: Format, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        let known = faults.count
        let checked = check(value, against: element, at: path)
        for index in known..<faults.count where faults[index].allowed == element.wording {
            faults[index].allowed = format.wording
        }
        return checked
    }

    /// Checks named fields, the format's order first, then the names it does not know.
    private mutating func fields(
        _ given: [String: JSONValue], _ fields: [Field], at path: JSONPath
    ) -> [String: JSONValue] {
        var members = movingParts(of: given, fields, at: path)
        if let comment = members.removeValue(forKey: Format.comment) {
            _ = check(comment, against: .text(.any), at: path.appending(Format.comment))
        }
        var filled: [String: JSONValue] = [:]
        for field in fields where !field.presence.isPart {
            let fieldPath = path.appending(field.name)
            let rivals = field.alternatives.filter(members.keys.contains)
            if let value = members[field.name] {
                let checked = check(value, against: field.format, at: fieldPath)
                filled[field.name] = checked.map(Field.Presence.implied) == field.presence ? nil : checked
                // Both name each other, so one of them reports.
                for rival in rivals where field.name < rival {
                    report(path, found: "both \"\(field.name)\" and \"\(rival)\"", allowed: "one of the two")
                }
            } else if case .defaulted(let value) = field.presence, rivals.isEmpty,
                field.notDefaultedBeside.map({ members[$0] == nil }) ?? true
            {
                let bound = field.defaultAtMost.flatMap { filled[$0] } ?? value
                let isTooMuch = (value.double ?? 0) > (bound.double ?? .infinity)
                filled[field.name] = check(isTooMuch ? bound : value, against: field.format, at: fieldPath)
            } else if field.presence == .required {
                report(fieldPath, found: "nothing", allowed: field.format.wording)
            }
        }
        let known = fields.map(\.name)
        for key in members.keys.sorted() where !known.contains(key) {
            reportUnknown(key, known: known, at: path)
        }
        return filled
    }

    /// Moves the fields that are part of a sibling object to where they belong.
    private mutating func movingParts(
        of given: [String: JSONValue], _ fields: [Field], at path: JSONPath
    ) -> [String: JSONValue] {
        var members = given
        for field in fields {
            guard case .partOf(let owner) = field.presence, let value = members.removeValue(forKey: field.name),
                let value = check(value, against: field.format, at: path.appending(field.name)),
                var parts = (members[owner] ?? [:]).object
            else { continue }
            if let other = parts[field.name], other != value {
                report(
                    path.appending(field.name), found: value.wording,
                    allowed: "\(other.wording), which \(path.appending(owner).appending(field.name)) says")
            }
            parts[field.name] = value
            members[owner] = .object(parts)
        }
        return members
    }

    private mutating func reportUnknown(_ key: String, known: [String], at path: JSONPath) {
        report(
            path.appending(key), found: "an unknown key", allowed: known.wordingOfFields,
            suggestion: nearestName(to: key, among: known))
    }

    /// Whether an object says its kind, or has forgotten to: it has a field that only kinds have.
    private func isMeant(_ value: JSONValue, asOneOf kinds: [Kind], ratherThan object: ObjectFormat) -> Bool {
        guard let members = value.object, !kinds.isEmpty else { return false }
        let own = object.fields.map(\.name)
        let foreign = kinds.allFields.map(\.name).filter { !own.contains($0) }
        return members["kind"] != nil
            || members.keys.allSatisfy { !own.contains($0) } && foreign.contains { members[$0] != nil }
    }

    private mutating func union(
        _ value: JSONValue, _ kinds: [Kind], _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        guard let members = members(of: value, format, path) else { return nil }
        let kindField = Format.kindField(kinds)
        let name = members["kind"]?.string ?? ""
        if let kind = kinds[name] {
            let filled = JSONValue.object(fields(members, [kindField] + kind.fields, at: path))
            if checksBetweenFields {
                let checked = CheckedObject(filled, given: value, at: path) { [faults] path in
                    faults.contains { $0.place(below: path.description) != nil }
                }
                for slip in kind.check(checked) { report(slip, in: path) }
            }
            return filled
        }
        // With a slip in the kind, the other fields are those of the kind that was probably meant; with no
        // such kind, those of any.
        let meant = nearestName(to: name, among: kinds.names).flatMap { kinds[$0]?.fields }
        let known = meant ?? kinds.allFields.map(\.asOptional)
        _ = fields(members, [kindField] + known, at: path)
        return nil
    }

    /// Checks the object that results from the overlay; what is wrong with the base is reported there, not here.
    private mutating func overlay(
        _ value: JSONValue, _ kinds: [Kind], _ base: String, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        guard let members = members(of: value, format, path) else { return nil }
        let whole = root[base].map { merged(members, over: $0.object ?? [:], kinds) } ?? members
        var ofBase = SpecChecker(file: file, root: root, betweenFields: checksBetweenFields)
        _ = root[base].map { ofBase.check($0, against: .union(kinds), at: path) }
        var ofWhole = SpecChecker(file: file, root: root, betweenFields: checksBetweenFields)
        let filled = ofWhole.check(.object(whole), against: .union(kinds), at: path)
        faults += ofWhole.faults.filter { fault in
            !ofBase.faults.contains(fault)
                || members.keys.contains { fault.place(below: path.appending($0).description) != nil }
        }
        return filled
    }

    /// A kind of its own keeps of the base only the fields that it has too.
    private func merged(
        _ members: [String: JSONValue], over base: [String: JSONValue], _ kinds: [Kind]
    ) -> [String: JSONValue] {
        var kept = base
        if let name = members["kind"]?.string, name != base["kind"]?.string, let kind = kinds[name] {
            kept = base.filter { member in kind.fields.contains { $0.name == member.key } }
        }
        // What the overlay says about a part of an object outdoes what the base says, in whichever place.
        for field in kinds.allFields {
            guard case .partOf(let owner) = field.presence else { continue }
            if members[owner]?[field.name] != nil { kept[field.name] = nil }
            if members[field.name] != nil, var parts = kept[owner]?.object {
                parts[field.name] = nil
                kept[owner] = .object(parts)
            }
        }
        return kept.merging(members) { _, new in new }
    }

    private mutating func named(
        _ value: JSONValue, _ element: Format, _ format: Format, _ path: JSONPath
    ) -> JSONValue? {
        guard let members = members(of: value, format, path) else { return nil }
        if members.isEmpty { report(path, found: "an empty object", allowed: format.wording) }
        var filled: [String: JSONValue] = [:]
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            filled[key] = check(value, against: element, at: path.appending(key))
        }
        return .object(filled)
    }

    private mutating func sweep(_ value: JSONValue, _ format: Format, _ path: JSONPath) -> JSONValue? {
        guard let members = members(of: value, format, path) else { return nil }
        if members.isEmpty { report(path, found: "an empty object", allowed: format.wording) }
        for (key, values) in members.sorted(by: { $0.key < $1.key }) where values.array?.isEmpty ?? true {
            report(path.appending(key), found: values.wording, allowed: "a list of at least one value")
        }
        return .object(members.filter { $0.value.array?.isEmpty == false })
    }
}

extension Field.Presence {
    fileprivate var isPart: Bool {
        if case .partOf = self { true } else { false }
    }
}
