import Foundation

/// Pieces of SVG.
enum SVGText {
    /// A number as short as a picture needs it.
    static func number(_ value: Double) -> String {
        // Far quicker than a format, of which a chart would take thousands.
        let tenths = Int((value.isFinite ? value * 10 : 0).rounded())
        let whole = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
        return tenths % 10 == 0 ? (tenths == 0 ? "0" : whole) : "\(whole).\(abs(tenths) % 10)"
    }

    static func points(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // What no XML may have, or nobody sees.
            case _ where scalar.properties.generalCategory == .control, "\u{FFFE}", "\u{FFFF}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// - Parameters:
    ///   - whole: what was cut to `text`, for who points at it.
    ///   - halo: the colour of the ground, where the text stands among lines.
    static func text(
        _ text: String, x: Double, y: Double, size: Int = 11, color: String, anchor: String = "start",
        isBold: Bool = false, whole: String? = nil, halo: String? = nil
    ) -> String {
        // Twice, as not all that paint SVG know to paint the edge first.
        let edge = halo.map { halo in
            "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(size)\" fill=\"none\" stroke=\"\(halo)\" "
                + "stroke-width=\"3\" stroke-linejoin=\"round\" aria-hidden=\"true\""
                + (anchor == "start" ? "" : " text-anchor=\"\(anchor)\"") + ">\(escaped(text))</text>"
        }
        let tip = whole.flatMap { $0 == text ? nil : "<title>\(escaped($0))</title>" } ?? ""
        return (edge ?? "") + "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(size)\" fill=\"\(color)\""
            + (anchor == "start" ? "" : " text-anchor=\"\(anchor)\"") + (isBold ? " font-weight=\"600\"" : "")
            + ">\(tip)\(escaped(text))</text>"
    }

    static func line(
        _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), color: String, dashes: String? = nil
    ) -> String {
        "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" "
            + "stroke=\"\(color)\"" + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>"
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

    static func dot(_ place: (x: Double, y: Double), color: String, radius: Double, opacity: Double = 1) -> String {
        "<circle cx=\"\(number(place.x))\" cy=\"\(number(place.y))\" r=\"\(number(radius))\" fill=\"\(color)\""
            + (opacity < 1 ? " fill-opacity=\"\(opacity)\"" : "") + "/>"
    }

    static func area(_ points: [(x: Double, y: Double)], color: String, opacity: Double) -> String {
        "<polygon points=\"\(Self.points(points))\" fill=\"\(color)\" fill-opacity=\"\(opacity)\"/>"
    }

    /// What is drawn within a rectangle, and not beyond it. It takes no name, which two pictures in a page could share.
    static func clipped(
        x: Double, y: Double, width: Double, height: Double, _ lines: [String]
    ) -> [String] {
        let place = [("x", x), ("y", y), ("width", width), ("height", height)]
        return [
            "<svg \(place.map { "\($0.0)=\"\(number($0.1))\"" }.joined(separator: " ")) "
                + "viewBox=\"\(place.map { number($0.1) }.joined(separator: " "))\">"
        ] + lines + ["</svg>"]
    }

    static func document(
        width: Double, height: Double, title: String, description: String, theme: Theme, _ lines: [String]
    ) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
        viewBox="0 0 \(number(width)) \(number(height))" role="img" aria-label="\(escaped(title))" \
        font-family="system-ui, 'Helvetica Neue', Arial, sans-serif">
        <title>\(escaped(title))</title>
        <desc>\(escaped(description))</desc>
        <rect width="100%" height="100%" fill="\(theme.color(.background))"/>

        """ + lines.joined(separator: "\n") + "\n</svg>\n"
    }
}
