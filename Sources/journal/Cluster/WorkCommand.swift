import ArgumentParser
import Cluster
import Foundation
import Registry
import Scheduler
import TensorEngine
import TensorKernels

/// What a task of a cluster runs: called by the jobs that `journal run --on slurm` submits.
struct WorkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Runs a share of a run's trials, as a task of a cluster does.",
        discussion: """
            Called by jobs that journal run --on slurm submits. By hand, it shows why a task fails:

              journal work journal.sqlite-slurm/l2l-mnist@3488d32e1d42 --share 7
            """,
        shouldDisplay: false)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "folder"))
    var folder: String

    @Option(help: ArgumentHelp("The number of the share.", valueName: "n"))
    var share: Int?

    @Option(help: ArgumentHelp("Gathers what a phase has come to, for the next one.", valueName: "phase"))
    var gather: Int?

    func validate() throws {
        if (share == nil) == (gather == nil) { throw ValidationError("Either --share or --gather says what to do.") }
    }

    func run() throws {
        let task = try RunTask(folder, programVersion: ProgramVersion.current, registry: .standard)
        if let gather { return try task.gather(phase: gather) }
        try KernelChoice.check()
        let place = TaskPlace()
        let stop = StopFlag()
        let log: @Sendable (String) -> Void = { StandardError.write("\($0)\n") }
        let interruption = Interruption(stop) { log("Told to stop: writing checkpoints.") }
        let ending = try withExtendedLifetime(interruption) {
            try task.run(
                share: share ?? 0, at: place, WorkerPool(workers: place.cpus ?? Machine.processors), stop: stop,
                log: log)
        }
        if ending == .stopped { throw ExitCode(Interruption.exitCode) }
    }
}
