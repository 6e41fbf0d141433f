import Foundation
import Wording

extension Terminal {
    /// `text` in characters that are shown here: bytes of names that are not UTF-8 as `\xE9`; and where only ASCII is,
    /// other scripts in Latin letters, accents left out, and what has no such letter as `\u{20AC}`. Escape codes stay.
    public func spelled(_ text: String) -> String {
        let text = ForeignBytes.shown(text)
        return usesUnicode || text.utf8.allSatisfy { $0 < 0x80 } ? text : Self.inASCII(text)
    }

    /// `text` as a cell or a name, on which the layout depends: spelled, and without what would break or steer lines.
    func showable(_ text: String) -> String { spelled(text.withoutControls) }

    /// `text` as a heading, in as many lines as it takes.
    func title(_ text: String) -> [String] { showable(text).wrapped(to: width).map { styled($0, .bold) } }

    private static func inASCII(_ text: String) -> String {
        let latin = text.applyingTransform(StringTransform("Any-Latin; Latin-ASCII"), reverse: false) ?? text
        return latin.precomposedStringWithCompatibilityMapping.unicodeScalars.map { scalar in
            scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }.joined()
    }
}
