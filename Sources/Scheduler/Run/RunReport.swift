/// What came of a run of an experiment.
public struct RunReport: Sendable, Equatable {
    /// Trials that an earlier run completed.
    public var completedBefore = 0
    /// Trials that this run completed.
    public var completed = 0
    /// Trials that could not go on.
    public var failed = 0
    /// Trials that were not run because one they need failed.
    public var blocked = 0
    /// Trials that were begun and not ended, because the run was told to stop.
    public var interrupted = 0
    /// Trials that were not begun, because the run was told to stop.
    public var notBegun = 0
    /// Whether the results of an earlier run still stand, since starting over has not come to its end.
    public var keepsOldResults = false

    public init(
        completedBefore: Int = 0, completed: Int = 0, failed: Int = 0, blocked: Int = 0, interrupted: Int = 0,
        notBegun: Int = 0
    ) {
        self.completedBefore = completedBefore
        self.completed = completed
        self.failed = failed
        self.blocked = blocked
        self.interrupted = interrupted
        self.notBegun = notBegun
    }

    /// Whether the run was told to stop before all was done.
    public var wasStopped: Bool { interrupted + notBegun > 0 }

    /// Whether every trial is completed.
    public var isComplete: Bool { completedBefore + completed == total }

    /// Trials in all.
    public var total: Int { completedBefore + completed + failed + blocked + interrupted + notBegun }
}
