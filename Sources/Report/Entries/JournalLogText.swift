import Analysis
import JournalStore
import Wording

extension JournalLog {
    /// What to list of the log.
    public struct Listing: Sendable {
        /// The first day, as `2026-11-20` here; nil for all.
        public var since: String?
        public var withArchived = false
        public var newestFirst = false

        public init(since: String? = nil, withArchived: Bool = false, newestFirst: Bool = false) {
            self.since = since
            self.withArchived = withArchived
            self.newestFirst = newestFirst
        }
    }

    /// The entries that a listing asks for, by the days on which they were made here.
    func days(_ listing: Listing) -> [(day: LocalTime, entries: [(time: LocalTime, entry: Entry)])] {
        let chosen = entries.compactMap { entry -> (time: LocalTime, entry: Entry)? in
            guard let time = LocalTime(entry.at), listing.withArchived || !entry.isArchived,
                listing.since.map({ time.day >= $0 }) ?? true
            else { return nil }
            return (time, entry)
        }
        var days: [(day: LocalTime, entries: [(time: LocalTime, entry: Entry)])] = []
        for item in listing.newestFirst ? chosen.reversed() : chosen {
            if days.last?.day.day == item.time.day {
                days[days.count - 1].entries.append(item)
            } else {
                days.append((item.time, [item]))
            }
        }
        return days
    }

    /// The log for people: a heading a day, a line an entry.
    public func text(_ listing: Listing, for terminal: Terminal) -> String {
        var page = EntryPage(for: terminal)
        let days = days(listing)
        for (index, (day, entries)) in days.enumerated() {
            if index > 0 { page.gap() }
            page.title("\(day.day), \(day.weekday)")
            for (time, entry) in entries {
                let line = terminal.showable(
                    "\(time.time)  \(entry.experiment)@\(entry.version.prefix(8))  \(entry.inWords)")
                let margin = String(repeating: " ", count: EntryPage.indent)
                page.add([
                    margin
                        + (terminal.isTerminal
                            ? line.truncated(to: terminal.width - EntryPage.indent, unicode: terminal.usesUnicode)
                            : line)
                ])
            }
        }
        let left = listing.withArchived ? 0 : Set(entries.filter(\.isArchived).map(\.experiment)).count
        if left > 0 {
            if !days.isEmpty { page.gap() }
            page.paragraph(
                "\(counted(left, "archived experiment")) not shown: --all shows \(plural(left, "it", "them")).", .faint,
                indent: 0)
        }
        if days.isEmpty, left == 0 {
            page.paragraph("Nothing has been run or noted \(entries.isEmpty ? "yet" : "then").", indent: 0)
        }
        return page.text
    }
}

extension JournalLog.Entry {
    /// What happened, without when and where.
    var inWords: String {
        switch event {
        case .begun(let trials): return "begun: \(counted(trials, "trial"))"
        case .resumed(let completed, let trials):
            return "gone on with: \(completed) of \(trials) trials completed before"
        case .completed(let trials): return "completed: \(plural(trials, "its trial", "all \(trials) trials"))"
        case .takenOver(let trials):
            return
                "recorded: \(plural(trials, "its result", "the results of all \(trials) trials")) had been computed before"
        case .stopped(let completed, let failed, let trials):
            return "stopped: \(completed) of \(counted(trials, "trial")) completed"
                + (failed > 0 ? ", \(failed) failed" : "")
        case .noted(let note):
            let on = note.trial.map { " on trial \($0)" } ?? ""
            return "\(note.record.kind.rawValue)\(on): \(note.record.text.firstWords)"
        }
    }

    /// The name that programs have for it.
    var eventName: String {
        switch event {
        case .begun: "begun"
        case .resumed: "resumed"
        case .completed: "completed"
        case .takenOver: "takenOver"
        case .stopped: "stopped"
        case .noted(let note): note.record.kind.rawValue
        }
    }
}

extension String {
    /// The first line that says something, of Markdown: marks of headings left out.
    fileprivate var firstWords: String {
        let line =
            split(whereSeparator: \.isNewline).lazy
            .map { $0.drop { $0 == "#" || $0 == " " } }.first { !$0.isEmpty } ?? ""
        return String(line)
    }
}
