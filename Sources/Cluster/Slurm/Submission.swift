import ExperimentSpec

/// A job as `sbatch` takes it.
struct Submission: Sendable {
    /// When the job may begin.
    enum Condition: Sendable, Equatable {
        /// Jobs are over, however they ended.
        case afterAny([Int])
        /// A job ended well; else this one is given up.
        case afterOK(Int)

        fileprivate var text: String {
            switch self {
            case .afterAny(let jobs): "afterany:" + jobs.map(String.init).joined(separator: ":")
            case .afterOK(let job): "afterok:\(job)"
            }
        }
    }

    var name: String
    /// The numbers of an array's tasks; nil for a job that is none.
    var indices: [Int]?
    var condition: Condition?
    /// The program and what it is called with; in an array, the shell has the task's number.
    var command: String
    /// Where the tasks' messages go.
    var log: String
    var folder: String
    var settings: ClusterSettings

    /// Seconds before the time limit at which a task is told to stop: enough to write a checkpoint.
    private static let notice = 60.0

    var arguments: [String] {
        var arguments = [
            "--parsable", "--job-name=\(name)", "--output=\(log)", "--open-mode=append", "--chdir=\(folder)",
            "--requeue", "--kill-on-invalid-dep=yes", "--ntasks=1", "--cpus-per-task=\(settings.cpus ?? 1)",
            "--signal=B:TERM@\(notice)",
        ]
        if let indices {
            arguments.append("--array=\(Self.ranges(indices))" + (settings.maxRunning.map { "%\($0)" } ?? ""))
        }
        if let condition { arguments.append("--dependency=\(condition.text)") }
        let options = [
            ("partition", settings.partition), ("time", settings.time), ("mem", settings.memory),
            ("account", settings.account), ("constraint", settings.constraint),
        ]
        arguments += options.compactMap { name, value in value.map { "--\(name)=\($0)" } }
        return arguments
    }

    private var notice: Int {
        let limit = settings.time.flatMap(SlurmQuantity.seconds) ?? .infinity
        return Int(min(Self.notice, limit / 4))
    }

    /// The program takes the shell's place, so that it is the one whom Slurm tells to stop.
    var script: String { "#!/bin/sh\nexec \(command)\n" }

    /// `0-7,9`.
    static func ranges(_ indices: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for index in indices.sorted() {
            if let last = ranges.last, last.upperBound == index - 1 {
                ranges[ranges.count - 1] = last.lowerBound...index
            } else {
                ranges.append(index...index)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }

    /// A word for the shell, whatever is in it.
    static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }
}
