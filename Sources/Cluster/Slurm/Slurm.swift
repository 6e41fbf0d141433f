import ExperimentSpec
import Foundation
import JournalStore

/// Slurm's queue, by its own programs.
struct Slurm: Sendable {
    /// The programs that a run needs.
    private static let programs = ["sbatch", "squeue", "sinfo", "scontrol", "scancel"]

    /// - Throws: ``JournalError`` of kind `unavailable` where there is no Slurm here.
    init() throws {
        if let missing = Self.programs.first(where: { !SlurmProgram(name: $0).isThere }) {
            throw JournalError(
                .unavailable,
                "there is no Slurm here: \(missing) is not in the PATH. Run this where jobs are submitted from, on a "
                    + "login node say, or without --on")
        }
    }

    /// What the cluster's nodes have.
    ///
    /// - Throws: ``JournalError`` of kind `unavailable` where Slurm gives no answer.
    func nodes() throws -> SlurmNodes {
        SlurmNodes(try SlurmProgram(name: "sinfo").call(["-h", "-e", "-N", "-o", SlurmNodes.columns]))
    }

    /// The most tasks that an array may have.
    func mostTasks() throws -> Int {
        let lines = try SlurmProgram(name: "scontrol").call(["show", "config"]).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("MaxArraySize") }
        let size = line.flatMap { $0.split(separator: "=").last }.flatMap { Int($0.trimmed) }
        // The largest index is below it.
        return max(1, (size ?? 1001) - 1)
    }

    /// All tasks of jobs of these names that the queue still knows: those that wait or run, and for some minutes those
    /// that are over.
    ///
    /// - Throws: ``JournalError`` of kind `unavailable` where it gives no answer, which is not the same as none.
    func tasks(named names: [String]) throws -> [QueuedTask] {
        let output = try SlurmProgram(name: "squeue").call(
            ["-h", "-r", "-t", "all", "--name=\(names.joined(separator: ","))", "-o", QueuedTask.columns])
        return output.split(separator: "\n").compactMap { QueuedTask($0) }
    }

    /// How a task ended, in words: of one that failed, the queue is asked for its program's code.
    func ending(of task: QueuedTask) -> String {
        guard task.state.hasPrefix("FAILED") else { return task.ending(exit: nil) }
        let told = try? SlurmProgram(name: "scontrol").call(["-o", "show", "job", task.name])
        let word = told?.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("ExitCode=") }
        return task.ending(exit: word.map { String($0.dropFirst("ExitCode=".count)) })
    }

    /// Submits a job.
    ///
    /// - Returns: its number.
    func submit(_ submission: Submission) throws -> Int {
        let told = try SlurmProgram(name: "sbatch").call(submission.arguments, input: submission.script)
        // With several clusters, theirs stands behind the number.
        guard let job = Int(told.trimmed.prefix { $0.isNumber }) else {
            throw JournalError(.unavailable, "sbatch answers \"\(told.trimmed)\", and no number of a job")
        }
        return job
    }

    /// Has a task that waits for its time begin as soon as there is room: Slurm lets those that it has requeued itself wait
    /// for two minutes.
    func startNow(_ task: QueuedTask) throws {
        _ = try SlurmProgram(name: "scontrol").call(["update", "jobid=\(task.name)", "StartTime=now"])
    }

    /// Ends jobs: their tasks are told to stop, and are killed when they do not.
    func cancel(_ jobs: some Sequence<Int>) throws {
        let numbers = Set(jobs).sorted().map(String.init)
        if !numbers.isEmpty { _ = try SlurmProgram(name: "scancel").call(numbers) }
    }
}
