import Formats
import Nouns

/// What an experiment asks of a cluster's queue. It decides no result, and is no part of an experiment's version.
public struct ClusterSettings: Sendable, Hashable, Codable {
    /// Where tasks run, how long each may take, on how many processors and with how much memory, as Slurm writes them.
    public var partition: String?
    public var time: String?
    public var cpus: Int?
    public var memory: String?
    /// How many tasks run at once.
    public var maxRunning: Int?
    public var account: String?
    /// Features that nodes must have.
    public var constraint: String?
    /// How many trials a task runs, about; nil to have tasks take minutes.
    public var trialsPerTask: Int?
    /// Where the run's files lie, on a file system that the nodes share; nil for beside the journal.
    public var folder: String?

    public init() {}

    init(_ settings: Settings) {
        partition = settings.text(ifGiven: "partition")
        time = settings.text(ifGiven: "time")
        cpus = settings.integer(ifGiven: "cpus")
        memory = settings.text(ifGiven: "memory")
        maxRunning = settings.integer(ifGiven: "maxRunning")
        account = settings.text(ifGiven: "account")
        constraint = settings.text(ifGiven: "constraint")
        trialsPerTask = settings.integer(ifGiven: "trialsPerTask")
        folder = settings.text(ifGiven: "folder")
    }

    /// These settings, and where they say nothing, others.
    public func or(_ other: ClusterSettings) -> ClusterSettings {
        var merged = ClusterSettings()
        merged.partition = partition ?? other.partition
        merged.time = time ?? other.time
        merged.cpus = cpus ?? other.cpus
        merged.memory = memory ?? other.memory
        merged.maxRunning = maxRunning ?? other.maxRunning
        merged.account = account ?? other.account
        merged.constraint = constraint ?? other.constraint
        merged.trialsPerTask = trialsPerTask ?? other.trialsPerTask
        merged.folder = folder ?? other.folder
        return merged
    }
}

/// What a person has set for all experiments: a file of their own, with the field `cluster` of specs.
public struct UserSettings: Sendable, Hashable {
    public var cluster = ClusterSettings()

    /// Nothing is set.
    public init() {}

    /// - Parameter file: what messages call the file.
    /// - Throws: all faults at once.
    public init(_ bytes: [UInt8], file: String) throws(SpecError) {
        let document = try JSONReader.read(bytes, file: file)
        var checker = SpecChecker(file: file, settings: document.value)
        let filled = checker.check(document.value, against: .object(ObjectFormat([.cluster])), at: .root)
        guard checker.faults.isEmpty else { throw SpecError(checker.faults) }
        cluster = filled?["cluster"]?.object.map { ClusterSettings(Settings($0)) } ?? ClusterSettings()
    }
}
