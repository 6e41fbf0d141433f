import Foundation
import JournalStore

/// Shows in the user's journal what tasks have come to that still run, as far as they show it.
struct LiveViews {
    /// When each file that was looked at was written.
    private var seen: [String: Date] = [:]
    private var restsUntil = Date.distantPast

    /// To look on takes no more than this share of the time.
    private static let share = 0.1

    /// - Parameters:
    ///   - files: the views of the attempts that run.
    ///   - jobs: the tasks that the queue says to be running.
    mutating func show(_ files: [String], jobs: [String], in journal: Journal) {
        guard Date.now >= restsUntil else { return }
        let start = Date.now
        let changed = files.filter { file in
            let date = (try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date
            guard let date, seen[file] != date else { return false }
            seen[file] = date
            return true
        }
        // A view that is replaced or gone meanwhile is looked at another time.
        if !changed.isEmpty { _ = try? journal.merge(changed, areAtRest: true, areLive: true) }
        try? journal.noteAlive(jobs: jobs)
        let seconds = Date.now.timeIntervalSince(start)
        restsUntil = Date.now + min(seconds * (1 / Self.share - 1), 30)
    }
}
