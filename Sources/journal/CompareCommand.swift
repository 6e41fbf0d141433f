import Analysis
import ArgumentParser
import JournalStore
import Nouns
import Report
import Scheduler

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Shows the optimizers of an experiment side by side.",
        discussion: """
            For each problem: the mean final loss of every optimizer with its 95% interval, every pair of optimizers \
            trial by trial on the same seeds, and a chart of the mean loss curves:

              journal compare l2l-mnist

            By another result, or against one optimizer only, so that p-values are corrected for fewer pairs:

              journal compare l2l-mnist --metric accuracy --against adam

            Where each trial draws its student, also the means by depth and by number of weights; --by depth tells how \
            sure those are:

              journal compare random-students --by depth

            How soon the optimizers reach a loss, and the same by the size of minibatches:

              journal compare l2l-mnist --target 0.5
              journal compare l2l-mnist --by batchSize

            Several experiments, or versions of one, side by side:

              journal compare l2l-mnist l2l-cifar@1a2b

            What the tuned optimizers were chosen from, and all of it for another program:

              journal compare l2l-mnist --tuning
              journal compare l2l-mnist --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, markdown, latex
    }

    @Argument(
        help:
            "NAME for the newest version of an experiment, NAME@HASH for an older one; several are compared together.",
        completion: NameCompletion.experiments)
    var experiments: [String]

    @OptionGroup var journal: JournalLocation

    @Option(
        help: ArgumentHelp("The one problem to compare on. Without this option: all.", valueName: "name"),
        completion: NameCompletion.problems)
    var problem: String?

    @Option(
        help: ArgumentHelp(
            "What to compare by: finalLoss, bestLoss, testLoss, accuracy or another result of the trials, with one that "
                + "diverged as the worst in any case. Without this option: finalLoss, or what ranks trials that have none. "
                + "With --target also the curve that is to reach it, if trials have one of that name.",
            valueName: "name"), completion: NameCompletion.metrics)
    var metric: String?

    @Option(
        help: ArgumentHelp(
            "An optimizer against which all others are tested; may be given several times. Without this option: every "
                + "pair is tested.", valueName: "optimizer"), completion: NameCompletion.optimizers)
    var against: [String] = []

    @Option(
        help: ArgumentHelp(
            "A value that optimizers are to reach: at which step, and after how many seconds, does the running mean of "
                + "the loss?", valueName: "value"))
    var target: Double?

    @Option(
        help: ArgumentHelp(
            "Over how many recorded points the running mean goes that is to reach the target; 1 for the curve as it is.",
            valueName: "points"))
    var window: Int?

    @Option(
        help: ArgumentHelp(
            "Groups of trials with their intervals and tests. Of students that trials draw: depth (the number of hidden "
                + "layers) or weights. Else any recorded field: a setting of the problem or the optimizer, such as "
                + "batchSize, student.hidden or learningRate, or a column such as dataset, precision or kernelTable.",
            valueName: "field"))
    var by: String?

    @Flag(help: "Shows instead what each tuned optimizer was chosen from, with the losses on the tuning seeds.")
    var tuning = false

    @Option(
        help: ArgumentHelp(
            "table for people; json, which has the groups of both kinds and all candidates in any case, for programs; "
                + "markdown and latex (with booktabs) for documents.",
            discussion: """
                JSON has no NaN and no infinity, as means with a diverged trial are: there they are the texts "NaN", \
                "Infinity" and "-Infinity".
                """))
    var format = Format.table

    func validate() throws {
        if tuning, by != nil { throw ValidationError("--tuning and --by are two different tables: give one of them.") }
        if tuning, target != nil {
            throw ValidationError("--tuning and --target are two different tables: give one of them.")
        }
        if tuning, format == .markdown || format == .latex {
            throw ValidationError("--tuning is a table, or in JSON: use --format table or json.")
        }
        if let target, !target.isFinite {
            throw ValidationError("--target \(target) is no number; use one such as 0.5.")
        }
        if window != nil, target == nil { throw ValidationError("--window is for --target VALUE, which is not given.") }
        if let window, window < 1 { throw ValidationError("--window \(window) is no number of points; use 1 or more.") }
    }

    func run() throws {
        let journal = try journal.reading()
        for experiment in experiments {
            guard let notice = try VersionNotice(experiment: experiment, in: journal) else { continue }
            StandardError.write("\(notice)\n")
        }
        let property = by.flatMap(ArchitectureProperty.init)
        let kinds = RecordedKinds.summaries(comparedBy: metric.map { Metric($0) })
        let comparison = try Comparison(
            experiments, in: journal, kinds: kinds,
            asking: ComparisonRequest(
                problem: problem, metric: metric.map { Metric($0) }, against: against, target: target,
                window: window ?? Target.usualWindow, field: property == nil ? by : nil))
        if let property { try comparison.requireGroups(by: property) }
        switch format {
        case .table where tuning: try StandardOutput.show(comparison.tuningText(for: .standardOutput))
        case .table: try StandardOutput.show(comparison.text(for: .standardOutput, by: property))
        case .json: try StandardOutput.write(comparison.json())
        case .markdown: try StandardOutput.write(comparison.markdown(by: property))
        case .latex: try StandardOutput.write(comparison.latex(by: property))
        }
    }
}
