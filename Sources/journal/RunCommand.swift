import Analysis
import ArgumentParser
import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Report
import Scheduler
import TensorEngine
import TensorKernels

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the trials of experiments and records them.",
        discussion: """
            Trials that an earlier run completed stand, and the same trials of other specs are taken over; interrupted \
            ones go on where they stopped. Ctrl-C stops in good order, and the same command goes on from there.

            A spec is called by its path, or by its bare name if it lies in Experiments, or here:

              journal run Experiments/l2l-mnist.json
              journal run l2l-mnist

            Smaller or otherwise changed, and what it would come to, without running it:

              journal run l2l-mnist --set metaTraining.epochs=10 --set evaluation.repeats=5
              journal run l2l-mnist --dry-run

            Several specs into a journal of their own, on two threads:

              journal run first.json second.json --journal pair.sqlite --workers 2

            On a cluster with Slurm, from where jobs are submitted (docs/scale.md); lists of tuned numbers don't grow there:

              journal run l2l-mnist --on slurm --time 1:00:00 --cpus 4 --set evaluation.tuning.growth=0
            """)

    @Argument(help: ArgumentHelp("Spec files.", valueName: "spec"), completion: NameCompletion.specs)
    var specs: [String]

    @OptionGroup var journal: JournalLocation

    @Option(
        help: ArgumentHelp("How many threads compute. Without this option: one for each processor.", valueName: "n"))
    var workers: Int?

    @OptionGroup var data: DataLocation

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Sets a value of the specs, such as metaTraining.epochs=10; may be given several times.",
            valueName: "path=value"))
    var overrides: [String] = []

    @Flag(help: "Says nothing but what went wrong.")
    var quiet = false

    @Flag(
        help: """
            Starts over, and takes nothing over. What earlier runs of these very specs recorded stands until the new \
            trials are complete, and is then replaced.
            """)
    var fresh = false

    @Flag(help: "Prints the trials, and neither runs nor writes anything.")
    var dryRun = false

    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if cluster.on != nil, workers != nil {
            throw ValidationError(
                "How many threads a task has, --cpus says with --on slurm; --workers is of this machine.")
        }
        if cluster.on != nil, fresh {
            throw ValidationError(
                "--fresh does not go with --on slurm: journal delete the version, and run it again.")
        }
        if let workers, workers < 1 { throw ValidationError("There must be at least 1 worker, not \(workers).") }
        if specs.isEmpty { throw ValidationError("There is no spec to run.") }
    }

    func run() throws {
        // Reading a spec computes already: where values lie in their spaces, which problems the seed changes.
        try KernelChoice.check()
        let requests = try readSpecs()
        if dryRun {
            for request in requests { try StandardOutput.show(request.plan.listing) }
            return
        }
        let settings = try cluster.on.map { _ in try ClusterSession.settings(of: requests, cluster) }
        let display = RunDisplay(showsProgress: !quiet)
        let stop = StopFlag()
        let patience = LockPatience(report: display.message, isToldToStop: { stop.isSet })
        let pool = WorkerPool(workers: workers ?? Machine.processors)
        var runner = ExperimentRunner(
            registry: .standard, library: data.library, pool: pool, stop: stop, observer: display)
        let file = self.journal.path
        if let warning = Journal.warning(of: file) { display.message(warning) }
        let existing =
            NamedFile.status(of: file) != nil
            ? try Journal(writing: file, programVersion: ProgramVersion.current, patience: patience) : nil
        defer { try? existing?.close() }
        if settings == nil { try runner.prepare(requests, in: existing) }
        let journal =
            try existing ?? Journal(writing: file, programVersion: ProgramVersion.current, patience: patience)
        defer { try? journal.close() }
        let notice =
            settings == nil ? "Stopping after the steps under way" : "Waiting no longer; what is submitted goes on"
        let interruption = Interruption(stop) { display.message("\(notice); Ctrl-C again ends at once.") }
        try withExtendedLifetime(interruption) {
            if let settings {
                try runOnCluster(requests, settings, &runner, in: journal, display, stop)
            } else {
                try runAll(requests, runner, in: journal, display)
            }
        }
    }

    private func runOnCluster(
        _ requests: [RunRequest], _ settings: [ClusterSettings], _ runner: inout ExperimentRunner,
        in journal: Journal, _ display: RunDisplay, _ stop: StopFlag
    ) throws {
        let session = ClusterSession(
            options: cluster, journal: journal, display: display, stop: stop, quiet: quiet)
        let exitCode = try session.run(requests, settings, &runner, dataFolder: data.folder)
        if exitCode != EXIT_SUCCESS { throw ExitCode(exitCode) }
    }

    /// Reads all specs; tells the faults of all at once.
    private func readSpecs() throws -> [RunRequest] {
        var faults: [SpecFault] = []
        func collecting<Value>(_ body: () throws(SpecError) -> Value) -> Value? {
            do {
                return try body()
            } catch {
                faults += error.faults.filter { !faults.contains($0) }
                return nil
            }
        }
        let overrides = self.overrides.compactMap { text in
            collecting { () throws(SpecError) in try SpecOverride(parsing: text) }
        }
        let files = try specs.map(SpecFile.init(named:))
        let read = files.compactMap { file in
            collecting { () throws(SpecError) in
                try ExperimentSpec(file.bytes, file: file.path, vocabulary: .standard, overrides: overrides)
            }
        }
        guard faults.isEmpty else { throw SpecError(faults) }
        return zip(read, files).map { spec, file in
            // What the journal keeps is what was run, with what was set from outside.
            let text = overrides.isEmpty ? String(decoding: file.bytes, as: UTF8.self) : spec.indentedText
            let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
            return RunRequest(spec, text: text, folder: folder, startsOver: fresh, registry: .standard)
        }
    }

    private func runAll(
        _ requests: [RunRequest], _ runner: ExperimentRunner, in journal: Journal, _ display: RunDisplay
    ) throws {
        let writer = try JournalWriter(journal)
        var exitCode = EXIT_SUCCESS
        var outputFailure: Failure?
        do {
            for request in requests where exitCode != Interruption.exitCode {
                let report = try runner.run(request, writer)
                let summary = RunSummary(request: request, report: report, journal: journal)
                if !quiet || !report.isComplete { display.message(summary.line) }
                if report.wasStopped {
                    exitCode = Interruption.exitCode
                } else if report.failed > 0 {
                    exitCode = EXIT_FAILURE
                }
                if quiet || report.wasStopped || report.keepsOldResults { continue }
                do {
                    try StandardOutput.show(summary.results())
                } catch let failure as Failure {
                    // That nobody reads the results of one spec does not keep the next from running.
                    outputFailure = failure
                }
            }
        } catch {
            try? writer.finish()
            throw error
        }
        try writer.finish()
        if let outputFailure, outputFailure.exitCode != EXIT_SUCCESS { throw outputFailure }
        if exitCode != EXIT_SUCCESS { throw ExitCode(exitCode) }
    }
}
