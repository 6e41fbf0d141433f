import Analysis
import ArgumentParser
import Foundation
import JournalStore
import Report

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Lists what was run, noted and concluded, day by day.",
        discussion: """
            The newest comes last. Days are those of the clock here.

              journal log
              journal log --since 2026-11-01 --tag mnist
              journal log --newest-first | head -20
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var journal: JournalLocation

    @Option(help: ArgumentHelp("Of experiments with this tag only.", valueName: "tag"))
    var tag: String?

    @Option(help: ArgumentHelp("The first day, such as 2026-11-20.", valueName: "day"))
    var since: String?

    @Flag(help: "With experiments that were archived.")
    var all = false

    @Flag(help: "The newest comes first.")
    var newestFirst = false

    @Option(help: "text for people; json for programs.")
    var format = Format.text

    func validate() throws {
        guard let since else { return }
        guard since.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil, Instant.date("\(since)T00:00:00.000Z") != nil else {
            throw ValidationError("--since takes a day as 2026-11-20, and “\(since)” is none.")
        }
    }

    func run() throws {
        let log = try JournalLog(of: journal.reading(), tag: tag)
        let listing = JournalLog.Listing(since: since, withArchived: all, newestFirst: newestFirst)
        switch format {
        case .text: try StandardOutput.show(log.text(listing, for: .standardOutput))
        case .json: try StandardOutput.write(log.json(listing))
        }
    }
}
