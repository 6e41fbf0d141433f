/// How a share stands, as whoever waits for the run knows it.
struct ShareState: Sendable {
    enum Fate: Equatable {
        case open, done
        /// It has failed too often, or was cancelled.
        case givenUp
    }

    var fate = Fate.open
    /// What its newest attempt says.
    var report: TaskReport?
    /// How often it has failed, in whatever way.
    var failures = 0
    /// Tasks and attempts that were looked at, so that each is told and counted once.
    var seen: Set<String> = []

    /// How often a share is tried before it is given up.
    static let mostFailures = 3

    /// Work done, in steps.
    func done(of work: Double) -> Double { fate == .done ? work : min(report?.done ?? 0, work) }
}
