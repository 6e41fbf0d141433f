/// How wide text comes to be in a picture. Which font draws it isn't known, so that this is an estimate from above: of
/// DejaVu Sans, the widest of those that stand in for sans-serif.
enum TextWidth {
    static func of(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + share(of: $1) } * size
    }

    /// As much of a text as has room, with a mark where it was cut.
    static func cut(_ text: String, to width: Double, size: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var (taken, used) = ("", share(of: "…") * size)
        for character in text {
            used += share(of: character) * size
            guard used <= width else { break }
            taken.append(character)
        }
        return taken + "…"
    }

    /// The text in lines that have room, broken at spaces, and words that have none cut.
    static func wrapped(_ text: String, to width: Double, size: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, of("\(last) \(word)", size: size) <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { cut($0, to: width, size: size) }
    }

    private static func share(of character: Character) -> Double {
        switch character {
        case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", "!": 0.35
        case " ", "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.42
        case "m", "w", "M", "W", "@", "%", "…": 1
        case _ where character.isUppercase: 0.75
        default: String(character).displayWidth == 2 ? 1.05 : 0.64
        }
    }
}
