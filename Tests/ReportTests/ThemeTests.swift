import Foundation
import Testing

@testable import Report

/// Colours as people see them.
struct ThemeTests {
    private struct Colour {
        /// Linear red, green and blue.
        var light: [Double]

        init?(_ text: String) {
            guard text.count == 7, let bits = Int(text.dropFirst(), radix: 16) else { return nil }
            light = [16, 8, 0].map { shift in
                let share = Double(bits >> shift & 255) / 255
                return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
        }

        /// WCAG 2.1.
        var luminance: Double { 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] }

        func contrast(to other: Colour) -> Double {
            (max(luminance, other.luminance) + 0.05) / (min(luminance, other.luminance) + 0.05)
        }

        /// As those without one kind of cones see it (Machado, Oliveira and Fernandes 2009).
        func seen(_ matrix: [[Double]]) -> Colour {
            var colour = self
            colour.light = matrix.map { row in zip(row, light).map(*).reduce(0, +).clamped(to: 0...1) }
            return colour
        }

        /// CIE L*a*b*.
        var lab: [Double] {
            let x = 0.4124 * light[0] + 0.3576 * light[1] + 0.1805 * light[2]
            let z = 0.0193 * light[0] + 0.1192 * light[1] + 0.9505 * light[2]
            let f = [x / 0.9505, luminance, z / 1.089].map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16 / 116 }
            return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
        }

        func distance(to other: Colour) -> Double {
            zip(lab, other.lab).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        }
    }

    private static let eyes: [[[Double]]] = [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ]

    @Test(arguments: [Theme.light, .dark])
    func coloursAreToldApart(theme: Theme) throws {
        let ground = try #require(Colour(theme.color(.background)))
        let series = try (0..<Theme.seriesCount).map { try #require(Colour(theme.color($0))) }
        #expect(series.allSatisfy { $0.contrast(to: ground) >= 3 })
        for eye in Self.eyes {
            for (index, one) in series.enumerated() {
                for other in series[(index + 1)...] { #expect(one.seen(eye).distance(to: other.seen(eye)) > 20) }
            }
        }
        for role in [Theme.Role.text, .muted] {
            #expect(try #require(Colour(theme.color(role))).contrast(to: ground) >= 4.5)
        }
        for share in [0, 0.2, 0.4, 0.6, 0.8, 1] {
            #expect(try #require(Colour(theme.shade(share))).contrast(to: ground) >= 2.5)
        }
    }

    /// Beyond the colours that there are, lines are broken.
    @Test func moreSeriesThanColours() {
        let looks = (0..<21).map { [Theme.light.color($0), Theme.light.dashes($0) ?? ""] }
        #expect(Set(looks).count == 21)
    }
}
