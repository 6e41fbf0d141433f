import Foundation

/// What the place where text goes can show.
public struct Terminal: Sendable, Equatable {
    /// Whether a person's terminal is at the other end, and not a file or a pipe.
    public var isTerminal: Bool
    /// How many columns a line has. Text for files and pipes is laid out for this width, but not cut to it.
    public var width: Int
    /// Whether ANSI colours are shown.
    public var usesColour: Bool
    /// Whether escape codes are obeyed, so that a line can be drawn anew; if not, only whole lines are written.
    public var obeysEscapeCodes: Bool
    /// Whether the locale's characters are UTF-8; if not, only ASCII is written.
    public var usesUnicode: Bool

    /// A terminal with these abilities.
    public init(isTerminal: Bool, width: Int, usesColour: Bool, usesUnicode: Bool, obeysEscapeCodes: Bool = false) {
        self.isTerminal = isTerminal
        self.width = width
        self.usesColour = usesColour
        self.usesUnicode = usesUnicode
        self.obeysEscapeCodes = obeysEscapeCodes
    }

    /// A file or a pipe that takes UTF-8.
    public static let plain = Terminal(isTerminal: false, width: 100, usesColour: false, usesUnicode: true)

    /// What is at this process's standard output now.
    public static var standardOutput: Terminal {
        detect(descriptor: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment)
    }

    /// What is at this process's standard error now.
    public static var standardError: Terminal {
        detect(descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment)
    }

    /// What is at a file descriptor, given the environment's `LC_ALL`, `LC_CTYPE`, `LANG`, `TERM`, `NO_COLOR` and
    /// `COLUMNS`.
    ///
    /// Escape codes need a terminal that `TERM` names, and not as `dumb`; colours moreover need `NO_COLOR` unset or
    /// empty (no-color.org).
    public static func detect(descriptor: Int32, environment: [String: String]) -> Terminal {
        let isTerminal = isatty(descriptor) == 1
        let obeysEscapeCodes = isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let encoding = locale.lowercased().replacingOccurrences(of: "-", with: "")
        return Terminal(
            isTerminal: isTerminal,
            width: windowWidth(of: descriptor) ?? environment["COLUMNS"].flatMap(Int.init) ?? (isTerminal ? 80 : 100),
            usesColour: obeysEscapeCodes && (environment["NO_COLOR"] ?? "") == "",
            usesUnicode: encoding.contains("utf8"), obeysEscapeCodes: obeysEscapeCodes)
    }

    private static func windowWidth(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// `text` in a colour or weight, where colours are shown.
    func styled(_ text: String, _ style: TextStyle?) -> String {
        guard usesColour, let style, !text.isEmpty else { return text }
        return "\u{1B}[\(style.code)m\(text)\u{1B}[0m"
    }
}

/// A colour or weight of text on a terminal, by its ANSI code.
struct TextStyle: Sendable, Equatable {
    var code: String

    static let bold = TextStyle(code: "1")
    static let faint = TextStyle(code: "2")

    /// Colours that are told apart on dark and light grounds; the first is the winner's.
    static let series = ["36", "33", "35", "32", "94", "31", "39", "90"].map(TextStyle.init)
}
