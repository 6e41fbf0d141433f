import Foundation

/// Pieces of SVG.
enum SVGText {
    /// A number as short as a picture needs it.
    static func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func points(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // What no XML may have.
            case _ where character.unicodeScalars.contains { $0.value < 32 }: result += " "
            default: result.append(character)
            }
        }
    }

    static func text(
        _ text: String, x: Double, y: Double, size: Int = 11, color: String, anchor: String = "start",
        isBold: Bool = false
    ) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(size)\" fill=\"\(color)\" text-anchor=\"\(anchor)\""
            + (isBold ? " font-weight=\"600\"" : "") + ">\(escaped(text))</text>"
    }

    static func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), color: String) -> String {
        "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" "
            + "stroke=\"\(color)\"/>"
    }

    static func polyline(
        _ points: [(x: Double, y: Double)], color: String, width: Double, opacity: Double = 1, dashes: String? = nil,
        inside: String = ""
    ) -> String {
        "<polyline points=\"\(Self.points(points))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(width)\""
            + (opacity < 1 ? " stroke-opacity=\"\(opacity)\"" : "")
            + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + " stroke-linejoin=\"round\""
            + (inside.isEmpty ? "/>" : ">\(inside)</polyline>")
    }

    static func document(width: Double, height: Double, title: String, theme: Theme, _ lines: [String]) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
        viewBox="0 0 \(number(width)) \(number(height))" font-family="system-ui, 'Helvetica Neue', Arial, sans-serif">
        <title>\(escaped(title))</title>
        <rect width="100%" height="100%" fill="\(theme.background)"/>

        """ + lines.joined(separator: "\n") + "\n</svg>\n"
    }
}
