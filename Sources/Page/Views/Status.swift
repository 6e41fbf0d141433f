import Foundation
import JournalStore
import Report
import Wording

/// How far an experiment has come, as pages show it.
struct ProgressView {
    let progress: ExperimentProgress

    /// A bar, and the same in words.
    var html: HTML {
        .div("progress", bar, .text(words))
    }

    private var bar: HTML {
        let total = Double(max(progress.total, 1))
        return .picture(
            PanelPicture(bar: [
                ("completed", Double(progress[.completed]) / total), ("running", Double(progress[.running]) / total),
                ("failed", Double(progress[.failed]) / total),
            ]))
    }

    /// `12 of 21 trials completed, 4 running`.
    var words: String {
        let others: [(TrialStatus, String)] = [
            (.running, "running"), (.failed, "failed"), (.interrupted, "interrupted"), (.queued, "queued"),
        ]
        return
            (["\(progress[.completed]) of \(counted(progress.total, "trial")) completed"]
            + others.compactMap { progress[$0] > 0 ? "\(progress[$0]) \($1)" : nil }).joined(separator: ", ")
    }
}

/// Times as pages show them.
enum TimeText {
    /// To the minute, in UTC: `2026-11-29 13:47`.
    static func minute(_ instant: String?) -> String {
        guard let instant, instant.count >= 16 else { return "" }
        return instant.prefix(16).replacingOccurrences(of: "T", with: " ")
    }

    static func html(_ instant: String?) -> HTML {
        guard let instant, !instant.isEmpty else { return .nothing }
        return .element(
            "time", [.plain("datetime", instant), .plain("title", "\(instant) (UTC)")], [.text(minute(instant))])
    }
}

extension TrialStatus {
    var badge: HTML { .element("span", [.class("badge \(rawValue)")], [.text(rawValue)]) }
}
