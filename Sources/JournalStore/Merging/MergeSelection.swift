/// Some trials of some experiment versions: all that a merge is to bring, where that isn't everything.
public struct MergeSelection: Sendable, Equatable {
    /// The identities of the trials, by the version's `NAME@HASH` with the whole hash.
    private var trials: [String: Set<String>] = [:]

    public init() {}

    public var isEmpty: Bool { trials.isEmpty }

    /// Adds trials of a version.
    public mutating func add(_ identities: some Sequence<String>, of name: String, _ hash: String) {
        trials["\(name)@\(hash)", default: []].formUnion(identities)
    }

    /// The identities of a version's trials; nil where it has none of them.
    func identities(of version: ExperimentRecord) -> Set<String>? { trials["\(version.name)@\(version.hash)"] }
}
