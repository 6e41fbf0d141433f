import ArgumentParser
import Cluster
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Scheduler

struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Waits for a run on a cluster, and brings its results home.",
        discussion: """
            A run that was submitted with --detach, or whose waiting was broken off, goes on without anyone. This takes it \
            up again: it shows how far it is, merges what tasks have completed into the journal, and submits again what \
            was lost:

              journal run l2l-mnist --on slurm --detach --set evaluation.tuning.growth=0
              journal attach l2l-mnist

            The run is called by its experiment, or by its folder:

              journal attach l2l-mnist@3488d32e1d42
              journal attach /scratch/me/journal.sqlite-slurm/l2l-mnist@3488d32e1d42
            """)

    @Argument(
        help: ArgumentHelp("The experiment, or the run's folder.", valueName: "experiment"),
        completion: NameCompletion.experiments)
    var experiment: String

    @OptionGroup var journal: JournalLocation
    @OptionGroup var place: ClusterRunPlace

    @Flag(help: "Says nothing but what went wrong.")
    var quiet = false

    func run() throws {
        let display = RunDisplay(showsProgress: !quiet)
        let stop = StopFlag()
        let run = try place.run(named: experiment, journal, observer: display)
        let patience = LockPatience(report: display.message, isToldToStop: { stop.isSet })
        let journal = try Journal(
            writing: run.journal, programVersion: ProgramVersion.current, patience: patience)
        defer { try? journal.close() }
        let interruption = Interruption(stop) { display.message("Waiting no longer; Ctrl-C again ends at once.") }
        let exitCode = try withExtendedLifetime(interruption) {
            try ClusterSession(
                options: try ClusterOptions.parse([]), journal: journal, display: display, stop: stop, quiet: quiet
            ).wait(for: run)
        }
        if exitCode != EXIT_SUCCESS { throw ExitCode(exitCode) }
    }
}

/// Where runs on clusters lie: an option of the commands that look for one.
struct ClusterRunPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder that the run's folder lies in, if it was submitted with one. Without this option: the user's "
                + "settings, or beside the journal.", valueName: "folder"), completion: .directory)
    var runFolder: String?

    /// - Throws: ``JournalError`` where there is no such run.
    func run(named reference: String, _ journal: JournalLocation, observer: RunDisplay) throws -> ClusterRun {
        let place = try runFolder ?? UserSettings.read().cluster.folder
        let folder = try ClusterRuns(journal: journal.path, in: place).folder(named: reference)
        return try ClusterRun(
            folder: folder, programVersion: ProgramVersion.current, registry: .standard, observer: observer)
    }
}
