/// What came of an attempt to begin a trial.
public enum TrialClaim: Sendable, Equatable {
    /// It is this run's, from the start; what an earlier attempt recorded is dropped.
    case started
    /// It is this run's, from this checkpoint; what was recorded after it is dropped.
    case resumed(Checkpoint)
    /// It was completed before.
    case completed
    /// Another process is running it.
    case taken(host: String, pid: Int)
}
