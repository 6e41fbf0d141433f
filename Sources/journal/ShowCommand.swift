import Analysis
import ArgumentParser
import JournalStore
import Report

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints an experiment, or a trial, like a page of a notebook.",
        discussion: """
            Of an experiment: its question, what was run and what changed in its spec since the version before, what came \
            out, the notes on it and the conclusion. Of a trial: how it went, its results, curves, settings and notes.

              journal show l2l-mnist
              journal show l2l-mnist@0c7c3a14
              journal show 12
              journal show l2l-mnist --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(
        help: ArgumentHelp(
            "NAME for the newest version of an experiment, NAME@HASH for an older one, or the number of a trial.",
            valueName: "experiment|trial"), completion: NameCompletion.experiments)
    var entry: String

    @OptionGroup var journal: JournalLocation

    @Option(help: "text for people; json for programs.")
    var format = Format.text

    func run() throws {
        let journal = try journal.reading()
        let kinds = RecordedKinds.summaries()
        switch try EntryReference(entry, in: journal) {
        case .experiment(let version):
            let entry = try ExperimentEntry(version, in: journal, kinds: kinds)
            switch format {
            case .text: try StandardOutput.show(entry.text(for: .standardOutput))
            case .json: try StandardOutput.write(entry.json())
            }
        case .trial(let trial, let version):
            let entry = try TrialEntry(trial, of: version, in: journal, kinds: kinds)
            switch format {
            case .text: try StandardOutput.show(entry.text(for: .standardOutput))
            case .json: try StandardOutput.write(entry.json())
            }
        }
    }
}
