import Formats
import Nouns
import Wording

extension Vocabulary {
    /// The reference of specs with this vocabulary for people, in Markdown; that of the standard one stands in `docs/`.
    /// Every field by section, with what is allowed there, its default and what it means.
    public var markdownReference: String {
        var page = MarkdownPage()
        let fields = SpecFormat(self).root.fields ?? []
        page.write(.init(title: MarkdownPage.rootTitle, depth: 0, content: .fields(fields)))
        return page.text
    }
}

/// A page of sections, one for each object of the format; an object that stands in several places has one section.
private struct MarkdownPage {
    static let rootTitle = "The whole spec"

    struct Section {
        enum Content {
            case fields([Field])
            case kinds([Kind])
            /// An object of these fields, or one of the kinds.
            case either([Field], [Kind])
        }

        /// The object's path, and for one kind of several also the kind.
        var title: String
        var depth: Int
        var content: Content

        /// The path of a field of this section.
        func path(of field: Field) -> String {
            let path = title.prefix { $0 != ":" }
            return path == MarkdownPage.rootTitle ? field.name : "\(path).\(field.name)"
        }
    }

    private var contents: [String] = []
    private var body: [String] = []
    /// The titles of the sections, by what is in them.
    private var titles: [String: String] = [:]

    var text: String {
        let head = [
            "# The spec, field by field", "",
            "Generated from the format that checks specs (`Sources/ExperimentSpec`), so that it is never out of date.",
            "[`experiments.md`](experiments.md) says what the larger parts do. “Left out” in a meaning says what holds then;",
            "a field that is neither required nor has a default may be left out. Every object here may also have a",
            "`\(Format.comment)`, a text for whoever reads the spec; it changes neither results nor the version.", "",
        ]
        return (head + contents + body).map { $0 + "\n" }.joined()
    }

    mutating func write(_ section: Section) {
        contents.append(String(repeating: "  ", count: section.depth) + "- \(link(to: section.title))")
        body += ["", String(repeating: "#", count: min(section.depth + 2, 4)) + " \(section.title)", ""]
        var nested: [Section] = []
        switch section.content {
        case .fields(let fields): nested = write(fields, of: section)
        case .kinds(let kinds): nested = write(kinds, of: section)
        case .either(let fields, let kinds):
            nested = write(fields, of: section)
            body += ["", "Or an object that says what it is:", ""]
            nested += write(kinds, of: section)
        }
        for section in nested { write(section) }
    }

    /// - Returns: the sections of objects within it that have none yet.
    private mutating func write(_ fields: [Field], of section: Section) -> [Section] {
        var nested: [Section] = []
        body += ["| field | may be | default | meaning |", "|---|---|---|---|"]
        for field in fields {
            var allowed = field.format.wording.escaped
            if let base = field.format.base { allowed += ": \(link(to: base))" }
            if let content = field.format.content {
                let own = Section(title: section.path(of: field), depth: section.depth + 1, content: content)
                let title = titles[content.key] ?? own.title
                if titles.updateValue(title, forKey: content.key) == nil { nested.append(own) }
                allowed = "\(field.format.outline): \(link(to: title))"
            }
            body.append("| `\(field.name)` | \(allowed) | \(field.presence.wording) | \(field.meaning.escaped) |")
        }
        return nested
    }

    /// - Returns: the sections of kinds that have none yet.
    private mutating func write(_ kinds: [Kind], of section: Section) -> [Section] {
        var nested: [Section] = []
        body += ["| `kind` | is |", "|---|---|"]
        for kind in kinds {
            let content = Section.Content.fields(kind.fields)
            var name = "`\(kind.name)`"
            if !kind.fields.isEmpty {
                let own = Section(
                    title: "\(section.title): \(kind.name)", depth: section.depth + 1, content: content)
                let key = "\(kind.name) \(content.key)"
                let title = titles[key] ?? own.title
                if titles.updateValue(title, forKey: key) == nil { nested.append(own) }
                name = "[\(name)](#\(Self.anchor(title)))"
            }
            body.append("| \(name) | \(kind.summary.escaped) |")
        }
        return nested
    }

    private func link(to title: String) -> String { "[\(title)](#\(Self.anchor(title)))" }

    /// What hosts of repositories make of a heading.
    private static func anchor(_ title: String) -> String {
        let kept = title.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == " " }
        return String(kept.map { $0 == " " ? "-" : $0 })
    }
}

extension MarkdownPage.Section.Content {
    /// The same for the same content, wherever it stands.
    fileprivate var key: String {
        switch self {
        case .fields(let fields): JSONValue.object(Format.object(ObjectFormat(fields)).schema).canonicalText
        case .kinds(let kinds): JSONValue.object(Format.union(kinds).schema).canonicalText
        case .either(let fields, let kinds):
            JSONValue.object(Format.shorthand(key: "", ObjectFormat(fields), or: kinds).schema).canonicalText
        }
    }
}

extension Format {
    /// The fields of an object that is no union.
    fileprivate var fields: [Field]? {
        switch self {
        case .object(let object), .shorthand(_, let object, _), .choiceOrObject(_, let object): object.fields
        default: nil
        }
    }

    /// What has a section of its own; nil for what is said in a cell.
    fileprivate var content: MarkdownPage.Section.Content? {
        switch self {
        case .object(let object), .choiceOrObject(_, let object): .fields(object.fields)
        case .shorthand(_, let object, let kinds):
            kinds.isEmpty ? .fields(object.fields) : .either(object.fields, kinds)
        case .union(let kinds), .kindByName(let kinds): .kinds(kinds)
        case .tunable(let element): element.content
        case .list(let element, _), .oneOrList(let element): element.content
        default: nil
        }
    }

    /// Of objects that replace some fields of another: where that one stands.
    fileprivate var base: String? {
        switch self {
        case .overlay(_, let base): base
        case .list(let element, _), .oneOrList(let element): element.base
        default: nil
        }
    }

    /// What it is, up to the object that has a section of its own.
    fileprivate var outline: String {
        switch self {
        case .shorthand(let key, _, _): "its `\(key)` as a text, or an object"
        case .choiceOrObject(let names, _): "\(names.wordingOfChoice), or an object"
        case .kindByName(let kinds): "\(kinds.names.wordingOfChoice), or an object"
        case .tunable(let element): "\(element.outline), or `{\"tune\": [...]}` with a list of such"
        case .list(let element, let mayBeEmpty):
            "a list\(mayBeEmpty ? "" : " of at least one"), each \(element.outline)"
        case .oneOrList(let element): "\(element.outline), or a list of such"
        default: "an object"
        }
    }
}

extension Field {
    /// What it means, and which fields may not stand beside it.
    fileprivate var meaning: String {
        summary + (alternatives.isEmpty ? "" : " Not beside \(alternatives.map { "`\($0)`" }.joined(by: "or")).")
    }
}

extension Field.Presence {
    fileprivate var wording: String {
        switch self {
        case .required: "required"
        case .optional, .partOf: ""
        case .defaulted(let value), .implied(let value): "`\(value.canonicalText)`"
        }
    }
}

extension String {
    /// As it is to be read in a cell of a Markdown table.
    fileprivate var escaped: String {
        var isCode = false
        return reduce(into: "") { text, character in
            if character == "`" { isCode.toggle() }
            text += character == "|" || (character == "*" && !isCode) ? "\\\(character)" : "\(character)"
        }
    }
}
