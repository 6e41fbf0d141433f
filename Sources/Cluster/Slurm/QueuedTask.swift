/// A task of a job, as Slurm's queue tells it.
struct QueuedTask: Sendable, Equatable {
    /// The job that it belongs to: the array's number, in which tasks are told apart by ``index``.
    let job: Int
    /// Its number in the array; nil of a job that is none.
    let index: Int?
    let jobName: String
    /// As Slurm calls it: `PENDING`, `RUNNING`, `FAILED`, ….
    let state: String
    /// Empty before it has one.
    let node: String
    /// Why it is in this state, in Slurm's words.
    let reason: String

    /// Its name in the queue: `12_3`.
    var name: String { index.map { "\(job)_\($0)" } ?? "\(job)" }

    private static let endings: Set<Substring> = [
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
        "REVOKED", "TIMEOUT",
    ]

    /// What Slurm ends a task with whose file for messages cannot be opened.
    private static let noLog = 53

    /// Whether it waits or runs: what is requeued or comes to its end is not over.
    var isLive: Bool { !Self.endings.contains(state.prefix { $0 != " " && $0 != "+" }) }

    /// Whether it may not begin before a time that Slurm has set: it was requeued.
    var waitsForItsTime: Bool { state == "PENDING" && reason == "BeginTime" }

    /// Whether Slurm itself gave it up, since a job that it waited for failed.
    var isGivenUpByDependency: Bool { state.hasPrefix("CANCELLED") && reason.contains("Dependency") }

    /// How it ended, in words.
    ///
    /// - Parameter exit: what its program ended with, as `scontrol` tells it: a code and a signal, `0:9`; nil where that is
    ///   not known.
    func ending(exit: String?) -> String {
        let numbers = exit.map { $0.split(separator: ":").compactMap { Int($0) } } ?? []
        if state.hasPrefix("FAILED"), numbers.count == 2, numbers != [0, 0] {
            if numbers[1] == Self.noLog {
                return "the node cannot write its messages, as it does not see the run's folder"
            }
            return numbers[1] > 0 ? "it was killed by signal \(numbers[1])" : "it failed with code \(numbers[0])"
        }
        let why = ["None", "NonZeroExitCode", ""].contains(reason) ? "" : " (\(reason))"
        let what =
            switch state.prefix(while: { $0 != " " && $0 != "+" }) {
            case "TIMEOUT", "DEADLINE": "out of time"
            case "OUT_OF_MEMORY": "out of memory"
            case "NODE_FAIL", "BOOT_FAIL": "its node was lost"
            case "CANCELLED": "it was cancelled"
            case "PREEMPTED": "it made room for another job"
            case "FAILED": "it failed"
            case let state: "it ended as \(state)"
            }
        return what + why
    }

    /// What `squeue` is asked for.
    static let columns = "%F|%K|%j|%T|%N|%r"

    /// A line of `squeue`; nil where it is none.
    init?(_ line: Substring) {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
        guard cells.count >= 6, let job = Int(cells[0]) else { return nil }
        self.job = job
        index = Int(cells[1])
        jobName = cells[2]
        state = cells[3]
        node = cells[4].hasPrefix("(") ? "" : cells[4]
        reason = cells[5...].joined(separator: "|")
    }

    init(job: Int, index: Int?, jobName: String, state: String, node: String = "", reason: String = "None") {
        self.job = job
        self.index = index
        self.jobName = jobName
        self.state = state
        self.node = node
        self.reason = reason
    }
}

extension StringProtocol {
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
