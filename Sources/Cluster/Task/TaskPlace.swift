import Foundation
import JournalStore

/// What Slurm tells a task of itself.
public struct TaskPlace: Sendable {
    /// Its name in the queue, `1234_7`; what stands for it where it was started by hand.
    public let job: String
    public let node: String
    /// How many processors it may use; nil where nothing is said.
    public let cpus: Int?
    /// Its number in the array.
    public let index: Int?

    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        index = environment["SLURM_ARRAY_TASK_ID"].flatMap(Int.init)
        let number = environment["SLURM_ARRAY_JOB_ID"] ?? environment["SLURM_JOB_ID"] ?? "none"
        job = index.map { "\(number)_\($0)" } ?? number
        node = environment["SLURMD_NODENAME"] ?? RunPlace.here.host
        cpus = environment["SLURM_CPUS_PER_TASK"].flatMap(Int.init)
    }

    var runPlace: RunPlace { RunPlace(host: node, job: job) }
}
