import Report

/// A piece of a page. Text in it can never become markup: names of elements and attributes stand in the program's source
/// alone, and all else is escaped when it is written out.
indirect enum HTML: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    case text(String)
    case element(StaticString, [Attribute], [HTML])
    case group([HTML])
    /// A chart, whose own texts were escaped when it was drawn.
    case picture(PanelPicture)
    /// What changes while trials run: the page's live stream sends it anew, and the browser puts it in place by its id.
    case part(id: String, [HTML])
    /// What only a page that is served can do, and one that was saved leaves out.
    case served([HTML])
    /// A form; of one in a saved page only what it holds is left.
    case form([Attribute], [HTML])

    init(stringLiteral text: String) { self = .text(text) }

    static let nothing = HTML.group([])

    /// Elements that have no content, and no end tag.
    private static let void: Set<String> = ["br", "hr", "input", "link", "meta"]

    /// Writes the piece at the end of a text.
    ///
    /// - Parameter isSaved: whether it is for a file that stands alone, where no address of the server leads anywhere.
    func write(to text: inout String, isSaved: Bool) {
        switch self {
        case .text(let content): text.append(escaped: content)
        case .group(let pieces): for piece in pieces { piece.write(to: &text, isSaved: isSaved) }
        case .picture(let picture): text += picture.text
        case .served(let pieces):
            if !isSaved { for piece in pieces { piece.write(to: &text, isSaved: false) } }
        case .form(_, let pieces) where isSaved: for piece in pieces { piece.write(to: &text, isSaved: true) }
        case .form(let attributes, let pieces):
            HTML.element("form", attributes, pieces).write(to: &text, isSaved: false)
        case .part(let id, let pieces):
            HTML.element("div", [.id(id), .flag("data-part")], pieces).write(to: &text, isSaved: isSaved)
        case .element(let name, let attributes, let pieces):
            text += "<\(name)"
            for attribute in attributes { attribute.write(to: &text, isSaved: isSaved) }
            text += ">"
            if HTML.void.contains("\(name)") { return }
            for piece in pieces { piece.write(to: &text, isSaved: isSaved) }
            text += "</\(name)>"
        }
    }

    /// The piece as text.
    func written(isSaved: Bool = false) -> String {
        var text = ""
        write(to: &text, isSaved: isSaved)
        return text
    }

    /// All parts within it that change while trials run, the outermost ones.
    var parts: [(id: String, piece: HTML)] {
        switch self {
        case .text, .picture: []
        case .part(let id, _): [(id, self)]
        case .element(_, _, let pieces), .group(let pieces), .served(let pieces), .form(_, let pieces):
            pieces.flatMap(\.parts)
        }
    }
}

/// Something said of an element.
struct Attribute: Sendable {
    private enum Value: Sendable {
        case text(String)
        case flag
        /// An address of this server.
        case local(String)
    }

    private let name: StaticString
    private let value: Value

    static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
    static func id(_ id: String) -> Attribute { Attribute("id", id) }
    /// Any other than an address.
    static func plain(_ name: StaticString, _ value: String) -> Attribute { Attribute(name, value) }
    static func flag(_ name: StaticString) -> Attribute { Attribute(name: name, value: .flag) }
    /// A link to a page of this server.
    static func to(_ address: Address) -> Attribute { Attribute(name: "href", value: .local(address.text)) }
    /// Where a form is sent.
    static func action(_ address: Address) -> Attribute { Attribute(name: "action", value: .local(address.text)) }
    /// A place on the same page.
    static func place(_ id: String) -> Attribute { Attribute("href", "#\(id)") }

    /// A link to another site; nil unless it is an address of the web, so that none runs a script.
    static func web(_ address: String) -> Attribute? {
        let start = address.lowercased()
        guard start.hasPrefix("http://") || start.hasPrefix("https://") else { return nil }
        return Attribute("href", address)
    }

    private init(name: StaticString, value: Value) {
        self.name = name
        self.value = value
    }

    private init(_ name: StaticString, _ value: String) { self.init(name: name, value: .text(value)) }

    func write(to text: inout String, isSaved: Bool) {
        switch value {
        case .flag: text += " \(name)"
        case .local where isSaved: return
        case .text(let value), .local(let value):
            text += " \(name)=\""
            text.append(escaped: value)
            text += "\""
        }
    }
}

/// A place on this server: a path, and what is asked of the page there.
struct Address: Sendable, Equatable {
    private(set) var path: String
    var query: [(name: String, value: String)]

    /// - Parameter steps: the parts of the path, in plain text.
    init(_ steps: [String], _ query: [(name: String, value: String)] = []) {
        path = "/" + steps.map(Self.encoded).joined(separator: "/")
        self.query = query
    }

    var text: String {
        guard !query.isEmpty else { return path }
        return path + "?"
            + query.map { Self.encoded($0.name) + ($0.value.isEmpty ? "" : "=" + Self.encoded($0.value)) }
            .joined(separator: "&")
    }

    /// The same place with another answer to one question; without it where the answer is empty.
    func with(_ name: String, _ value: String?) -> Address {
        var changed = self
        changed.query.removeAll { $0.name == name }
        if let value, !value.isEmpty { changed.query.append((name, value)) }
        return changed
    }

    /// The same place, to be saved as a file.
    var saved: Address {
        var changed = self
        changed.query.removeAll { $0.name == "static" }
        changed.query.append(("static", ""))
        return changed
    }

    static func == (one: Address, other: Address) -> Bool { one.text == other.text }

    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "~", "@": result.unicodeScalars.append(scalar)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}

extension String {
    /// Appends a text so that it is nothing but text, between tags and in quoted attributes alike.
    fileprivate mutating func append(escaped text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": self += "&amp;"
            case "<": self += "&lt;"
            case ">": self += "&gt;"
            case "\"": self += "&quot;"
            case "'": self += "&#39;"
            case "\n", "\t", "\r": unicodeScalars.append(scalar)
            // What no page may have.
            case _ where scalar.value < 32 || scalar.value == 127: self += "\u{FFFD}"
            default: unicodeScalars.append(scalar)
            }
        }
    }
}
