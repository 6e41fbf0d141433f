import ExperimentSpec

/// Which trials a task runs, and which tasks wait for which: shares of a plan's trials, in phases.
///
/// The trials that others need come in a phase before those. Within a phase, a share is a stretch of the plan, so that it
/// has trials that are alike, and all shares have about the same work.
struct SharePlan: Sendable, Equatable {
    /// For each phase, the numbers of its shares; the shares of all phases are numbered through.
    let phases: [Range<Int>]
    /// The places in the plan of each share's trials.
    let shares: [[Int]]

    /// Seconds that a task is to take, about: Slurm starts about one task a second and node.
    static let secondsPerTask = 300.0
    /// Where it isn't known how long trials take, so many tasks come to each that can run at once.
    private static let tasksPerPlace = 2

    /// How many trials come into a task, and how long it all takes.
    struct Measure {
        /// How many tasks can run at once.
        var capacity: Int
        /// The most shares that there may be in all.
        var mostShares: Int
        /// Seconds that a trial takes, of those whose like the journal has; nil where it has none.
        var seconds: (Int) -> Double?
        /// What a trial has to do, in steps.
        var work: (Int) -> Double
        /// How many trials a person wants in a task.
        var trialsPerTask: Int?
    }

    /// - Parameters:
    ///   - indices: the places in the plan of the trials to be run, in ascending order.
    init(_ plan: ExperimentPlan, _ indices: [Int], _ measure: Measure) {
        let trials = plan.phases(of: indices)
        var (phases, shares) = ([Range<Int>](), [[Int]]())
        for (number, phase) in trials.enumerated() {
            // Each of the phases after this one needs at least one share.
            let most = max(1, measure.mostShares - shares.count - (trials.count - 1 - number))
            let count = min(most, Self.count(phase, measure))
            let first = shares.count
            shares += Self.split(phase, into: count, by: measure.work)
            phases.append(first..<shares.count)
        }
        self.phases = phases
        self.shares = shares
    }

    private static func count(_ phase: [Int], _ measure: Measure) -> Int {
        if let trials = measure.trialsPerTask { return (phase.count + trials - 1) / trials }
        let places = min(measure.capacity, phase.count)
        let seconds = phase.map(measure.seconds)
        guard !seconds.contains(nil) else { return min(phase.count, places * tasksPerPlace) }
        let total = seconds.reduce(0) { $0 + ($1 ?? 0) }
        return min(phase.count, max(places, Int((total / secondsPerTask).rounded(.up))))
    }

    /// Stretches of about the same work, none of them empty.
    static func split(_ trials: [Int], into count: Int, by work: (Int) -> Double) -> [[Int]] {
        var left = trials.reduce(0) { $0 + max(work($1), 1) }
        var (shares, share, done) = ([[Int]](), [Int](), 0.0)
        for (position, trial) in trials.enumerated() {
            share.append(trial)
            done += max(work(trial), 1)
            // A long trial leaves less for the others.
            let isDue = done >= left / Double(count - shares.count)
            // Those that are left are enough for the shares that are left.
            let isLastChance = trials.count - 1 - position <= count - shares.count - 1
            if shares.count < count - 1, isDue || isLastChance {
                shares.append(share)
                left -= done
                (share, done) = ([], 0)
            }
        }
        return share.isEmpty ? shares : shares + [share]
    }

    /// The phase that a share belongs to.
    func phase(of share: Int) -> Int { phases.firstIndex { $0.contains(share) } ?? 0 }
}
