import Foundation
import JournalStore

/// An instant of the journal as the clock on the wall had it, where the reader is.
public struct LocalTime: Sendable, Equatable {
    /// `2026-11-20`
    public let day: String
    /// `14:03`
    public let time: String
    /// `Friday`
    public let weekday: String

    /// Nil where the text is no instant.
    public init?(_ instant: String) {
        guard let date = Instant.date(instant) else { return nil }
        self.init(date)
    }

    init(_ date: Date) {
        var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
        var parts = tm()
        localtime_r(&seconds, &parts)
        day = String(format: "%04d-%02d-%02d", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
        time = String(format: "%02d:%02d", Int(parts.tm_hour), Int(parts.tm_min))
        weekday = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][Int(parts.tm_wday)]
    }

    /// `2026-11-20 14:03`; the text itself where it is no instant.
    static func text(_ instant: String) -> String {
        LocalTime(instant).map { "\($0.day) \($0.time)" } ?? instant
    }

    /// From one instant to another: the day once where it is the same.
    static func range(_ from: String, _ to: String) -> String {
        guard let start = LocalTime(from), let end = LocalTime(to) else { return "\(from) to \(to)" }
        if start == end { return "\(start.day) \(start.time)" }
        return "\(start.day) \(start.time) to \(start.day == end.day ? "" : "\(end.day) ")\(end.time)"
    }
}
