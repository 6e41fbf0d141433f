import Foundation
import Nouns

/// The strings that a text field allows.
public enum TextRule: Sendable {
    /// Any text.
    case any
    /// What is shown in tables: not empty, on one line, and shown in the order in which it is written.
    case label
    /// What experiments are called by on the command line: a label that `NAME@HASH` can be taken apart from.
    case name

    package func allows(_ text: String) -> Bool {
        switch self {
        case .any: true
        case .label: !text.isEmpty && !text.unicodeScalars.contains(where: Self.isHidden)
        case .name:
            TextRule.label.allows(text) && !text.hasPrefix("-")
                && !text.unicodeScalars.contains { $0 == "@" || $0 == "/" || $0.properties.isWhitespace }
        }
    }

    /// Control characters, line and paragraph separators, and what turns the direction of the text around it, so that
    /// two names that differ may look the same (Unicode Technical Report 36, section 2.8).
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// A label in one spelling of those that mean the same: é is one scalar, not two (Unicode's form C).
    package func normalized(_ value: JSONValue) -> JSONValue {
        guard let text = value.string, self.isShown, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return value }
        return .string(text.precomposedStringWithCanonicalMapping)
    }

    private var isShown: Bool { if case .any = self { false } else { true } }

    package var wording: String {
        switch self {
        case .any: "a text"
        case .label: "a text of one line, not empty, without hidden characters"
        case .name: "a name without spaces, @, / and hidden characters, and no - in front"
        }
    }

    package var pattern: String? {
        switch self {
        case .any: nil
        case .label: "^[^\(Self.hiddenPattern)]+$"
        case .name: #"^[^-@/\s\#(Self.hiddenPattern)][^@/\s\#(Self.hiddenPattern)]*$"#
        }
    }

    private static let hiddenPattern =
        #"\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"#
}
