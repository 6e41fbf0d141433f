import Analysis
import ArgumentParser
import JournalStore
import Nouns
import Report
import Scheduler
import TrialKinds

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Shows the optimizers of an experiment side by side.",
        discussion: """
            For each problem: the mean final loss of every optimizer with its 95% interval, every pair of optimizers \
            trial by trial on the same seeds, and a chart of the mean loss curves.

            By another result, or against one optimizer only, so that p-values are corrected for fewer pairs:

              journal compare l2l-mnist --metric accuracy --against adam

            Where each trial draws its student, also the means by depth and by number of weights; --by depth tells how \
            sure those are:

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
            "What to compare by: finalLoss, bestLoss, testLoss, accuracy or another result of the trials, with one that "
                + "diverged as the worst in any case. Without this option: finalLoss, or what ranks trials that have none.",
            valueName: "name"))
    var metric: String?

    @Option(
        help: ArgumentHelp(
            "An optimizer against which all others are tested; may be given several times. Without this option: every "
                + "pair is tested.", valueName: "optimizer"))
    var against: [String] = []

    @Option(
        help: ArgumentHelp(
            "Groups of students with their intervals and tests: depth (the number of hidden layers) or weights.",
            valueName: "property"))
    var by: ArchitectureProperty?

    @Flag(help: "Shows instead what each tuned optimizer was chosen from, with the losses on the tuning seeds.")
    var tuning = false

    @Option(
        help: ArgumentHelp(
            "table for people; json, which has the groups of both kinds and all candidates in any case, for programs.",
            discussion: """
                JSON has no NaN and no infinity, as means with a diverged trial are: there they are the texts "NaN", \
                "Infinity" and "-Infinity".
                """))
    var format = Format.table

    func validate() throws {
        if tuning, by != nil { throw ValidationError("--tuning and --by are two different tables: give one of them.") }
    }

    func run() throws {
        let journal = try journal.reading()
        if let notice = try VersionNotice(experiment: experiment, in: journal) { StandardError.write("\(notice)\n") }
        let kinds = TrialKinds.standard.summaries
        let comparison = try Comparison(
            experiment, in: journal, kinds: kinds, problem: problem, by: metric.map { Metric($0) }, against: against)
        if let by { try comparison.requireGroups(by: by) }
        switch format {
        case .table where tuning: try StandardOutput.show(comparison.tuningText(for: .standardOutput))
        case .table: try StandardOutput.show(comparison.text(for: .standardOutput, by: by))
        case .json: try StandardOutput.write(comparison.json())
        }
    }
}

extension ArchitectureProperty: ExpressibleByArgument {}
