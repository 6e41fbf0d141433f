import Foundation

/// Instants as they stand in the journal: ISO 8601, UTC, milliseconds.
public enum Instant {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    static var now: String { Date.now.formatted(style) }

    /// The date that a text of the journal stands for; nil where it is none.
    public static func date(_ text: String) -> Date? { try? style.parse(text) }
}
