extension String {
    /// How many columns a terminal gives this text: two for wide East Asian characters and emoji, none for marks that
    /// join the character before them.
    var displayWidth: Int {
        isPlainASCII ? utf8.count : reduce(0) { $0 + $1.displayWidth }
    }

    /// Whether this is ASCII without controls, as nearly all cells of long tables are: a column a byte.
    private var isPlainASCII: Bool { utf8.allSatisfy { (0x20..<0x7F).contains($0) } }

    /// This text, cut where needed to `width` columns with a mark where it was cut.
    func truncated(to width: Int, unicode: Bool = true) -> String {
        guard displayWidth > width else { return self }
        let mark = unicode ? "…" : "~"
        var taken = ""
        var used = 0
        for character in self {
            let next = character.displayWidth
            if used + next > width - 1 {
                break
            }
            taken.append(character)
            used += next
        }
        return width > 0 ? taken + mark : ""
    }

    /// This text, filled with spaces to `width` columns.
    func padded(to width: Int, alignment: TextAlignment) -> String {
        let space = String(repeating: " ", count: max(0, width - displayWidth))
        return alignment == .left ? self + space : space + self
    }

    /// This text with line breaks, tabs and escape codes replaced by spaces, so that what a cell holds cannot break
    /// the table or steer the terminal.
    var withoutControls: String {
        guard !isPlainASCII else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(scalars)
    }

    /// This text in lines of at most `width` columns, broken at spaces.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.displayWidth + 1 + String(word).displayWidth > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

/// The side of its column that text keeps to.
public enum TextAlignment: Sendable {
    case left, right
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        let isEmoji = unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation
        return isEmoji || first.isEastAsianWide ? 2 : 1
    }
}

extension Unicode.Scalar {
    /// Whether the character is wide or full width (Unicode Standard Annex 11), by blocks.
    fileprivate var isEastAsianWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
