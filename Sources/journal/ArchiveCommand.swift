import ArgumentParser
import JournalStore

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Puts an experiment aside, or takes it back.",
        discussion: """
            An archived experiment keeps everything and can be run, shown and compared as before; journal log leaves it \
            out unless it is asked for all.

              journal archive first-attempt
              journal archive first-attempt --undo
            """)

    @Argument(
        help: ArgumentHelp("The experiment, in all its versions.", valueName: "experiment"),
        completion: NameCompletion.experiments)
    var experiment: String

    @Flag(help: "Takes it back.")
    var undo = false

    @OptionGroup var journal: JournalLocation

    func run() throws {
        let (name, wasArchived) = try journal.writing { journal in
            let name = try journal.experiment(named: experiment).name
            let wasArchived = try journal.archivedExperiments().contains { $0.key == name }
            try undo ? journal.unarchive(name) : journal.archive(name)
            return (name, wasArchived)
        }
        let what = wasArchived == undo ? "is" : undo ? "was not" : "was already"
        StandardError.write("\(name) \(what) \(undo && wasArchived ? "no longer archived" : "archived").\n")
    }
}
