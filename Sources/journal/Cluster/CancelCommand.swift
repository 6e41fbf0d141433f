import ArgumentParser
import Cluster
import JournalStore
import Wording

struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Ends a run on a cluster.",
        discussion: """
            Its jobs are cancelled; what their tasks have done, checkpoints of trials under way too, comes into the journal. \
            The same journal run goes on from there:

              journal cancel l2l-mnist
              journal run l2l-mnist --on slurm --set evaluation.tuning.growth=0
            """)

    @Argument(
        help: ArgumentHelp("The experiment, or the run's folder.", valueName: "experiment"),
        completion: NameCompletion.experiments)
    var experiment: String

    @OptionGroup var journal: JournalLocation
    @OptionGroup var place: ClusterRunPlace

    func run() throws {
        let display = RunDisplay(showsProgress: true)
        let run = try place.run(named: experiment, journal, observer: display)
        let journal = try Journal(
            writing: run.journal, programVersion: ProgramVersion.current,
            patience: LockPatience(report: display.message))
        defer { try? journal.close() }
        let jobs = try run.cancel(into: journal)
        display.message(
            jobs == 0
                ? "\(run.reference) had no jobs in the queue any more; what it did is in \(journal.path)."
                : "\(run.reference): \(counted(jobs, "job")) cancelled; what was done is in \(journal.path).")
    }
}
