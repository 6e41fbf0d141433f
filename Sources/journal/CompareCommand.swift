import Analysis
import ArgumentParser
import JournalStore
import Report

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Shows the optimizers of an experiment side by side.",
        discussion: """
            For each problem: the mean final loss of every optimizer with its 95% interval, every pair of optimizers \
            trial by trial on the same seeds, and a chart of the mean loss curves.

            Where each trial draws its student, also the mean final losses by depth and by number of weights; \
            --by depth tells how sure those are:

              journal compare random-students --by depth
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    @Argument(help: "NAME for the newest version of an experiment, NAME@HASH for an older one.")
    var experiment: String

    @OptionGroup var journal: JournalLocation

    @Option(help: ArgumentHelp("The one problem to compare on. Without this option: all.", valueName: "name"))
    var problem: String?

    @Option(
        help: ArgumentHelp(
            "Groups of students with their intervals and tests: depth (the number of hidden layers) or weights.",
            valueName: "property"))
    var by: ArchitectureProperty?

    @Option(
        help: ArgumentHelp(
            "table for people; json, which has the groups of both kinds in any case, for programs.",
            discussion: """
                JSON has no NaN and no infinity, as means with a diverged trial are: there they are the texts "NaN", \
                "Infinity" and "-Infinity".
                """))
    var format = Format.table

    func run() throws {
        let journal = try journal.reading()
        let comparison = try Comparison(experiment, in: journal, problem: problem)
        if let by { try comparison.requireGroups(by: by) }
        switch format {
        case .table: try StandardOutput.show(comparison.text(for: .standardOutput, by: by))
        case .json: try StandardOutput.write(comparison.json())
        }
    }
}

extension ArchitectureProperty: ExpressibleByArgument {}
