import ArgumentParser
import Foundation
import JournalStore

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Gives an experiment tags, and takes them away.",
        discussion: """
            Tags are on an experiment in all its versions. journal log --tag lists what has one, and \
            journal query experiments shows them.

              journal tag l2l-mnist +mnist +baseline
              journal tag l2l-mnist -baseline
              journal tag l2l-mnist
            """)

    @Argument(help: ArgumentHelp("The experiment.", valueName: "experiment"), completion: NameCompletion.experiments)
    var experiment: String

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "+TAG, or just TAG, to give it; -TAG to take it away. Without any: prints those that it has.",
            valueName: "+tag|-tag"))
    var changes: [String] = []

    @OptionGroup var journal: JournalLocation

    func run() throws {
        var (new, old): ([ExperimentTag], [ExperimentTag]) = ([], [])
        for change in changes {
            if change.hasPrefix("-") {
                old.append(try ExperimentTag(String(change.dropFirst())))
            } else {
                new.append(try ExperimentTag(change.hasPrefix("+") ? String(change.dropFirst()) : change))
            }
        }
        if let both = new.first(where: old.contains) {
            throw Failure(exitCode: EX_USAGE, "is \(both) to be given or taken away? It is asked for both")
        }
        let tags: [String]
        if changes.isEmpty {
            let journal = try journal.reading()
            let name = try journal.experiment(named: experiment).name
            tags = try journal.tags().first { $0.key == name }?.value ?? []
        } else {
            tags = try journal.writing { journal in
                let name = try journal.experiment(named: experiment).name
                return try journal.tag(name, adding: new, removing: old)
            }
        }
        try StandardOutput.show(tags.map { "\($0)\n" }.joined())
    }
}
