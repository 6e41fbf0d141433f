/// Where the process of a run computes.
public struct RunPlace: Sendable, Equatable {
    /// The machine, as its network calls it, or the node, as a cluster's queue does.
    public let host: String
    /// The job of a cluster's queue that the process is a task of, such as `1234_7`; nil of any other.
    public let job: String?

    public init(host: String, job: String?) {
        self.host = host
        self.job = job
    }

    /// This process on this machine, started by a person.
    public static let here = RunPlace(host: Liveness.host, job: nil)
}
