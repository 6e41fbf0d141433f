/// Whose results are taken where two journals have different ones of the same trial.
public enum MergePreference: String, Sendable, CaseIterable {
    case ours, theirs
}

/// What two journals have of the same trial, or the same tuning, and have differently.
public struct MergeConflict: Sendable, Equatable {
    /// The other journal's path.
    public let path: String
    /// `NAME@HASH` of the experiment version.
    public let experiment: String
    /// Which trial or tuning, in words.
    public let subject: String
    /// What differs, and where, in words.
    public let difference: String
}

/// What came of merging other journals into this one.
public struct MergeOutcome: Sendable, Equatable {
    /// Experiment versions that this journal didn't have.
    public internal(set) var experiments = 0
    /// Trials that came: new ones, and ones that the other journal has completed or brought further.
    public internal(set) var trials = 0
    /// Tunings, each of one optimizer on one problem, whose choices came.
    public internal(set) var tunings = 0
    /// Notes and tags that came.
    public internal(set) var writings = 0
    /// Trials that a process runs here at this moment, and that the other journal has completed: left alone.
    public internal(set) var busy = 0
    /// Experiment versions that the other journal is running afresh: they are none yet.
    public internal(set) var unfinishedVersions = 0
    public internal(set) var conflicts: [MergeConflict] = []
    /// Journals that could not be read, with the reason.
    public internal(set) var faults: [(path: String, error: JournalError)] = []

    /// Whether this journal is as it was.
    public var isNothing: Bool { experiments == 0 && trials == 0 && tunings == 0 && writings == 0 }

    public static func == (one: MergeOutcome, other: MergeOutcome) -> Bool {
        (one.experiments, one.trials, one.tunings, one.writings) == (
            other.experiments, other.trials, other.tunings, other.writings
        )
            && (one.busy, one.unfinishedVersions) == (other.busy, other.unfinishedVersions)
            && one.conflicts == other.conflicts && one.faults.map(\.path) == other.faults.map(\.path)
            && one.faults.map(\.error) == other.faults.map(\.error)
    }
}
