import ExperimentSpec

/// Which trials of an experiment are done, and which wait for others.
struct TrialBoard {
    /// What became of a trial in a run.
    enum Fate: Sendable {
        case completedBefore, completed, failed, blocked, interrupted
        /// The run was told to stop before the trial began.
        case notBegun
    }

    private(set) var fates: [Fate?]
    /// Trials that cannot run as long as it is not known what all they need.
    private let isHeld: [Bool]
    /// For each trial, how many that it needs are not completed.
    private var waitingFor: [Int]
    /// For each trial, those that need it.
    private var dependents: [[Int]]
    /// How many trials that are not held have no fate yet.
    private(set) var unsettled: Int

    /// - Parameters:
    ///   - trials: a plan's, each after those that it depends on.
    ///   - fate: what has become of a trial already, and with it of those that need it.
    init(_ trials: [TrialDescription], fate: (TrialDescription) -> Fate?) {
        fates = trials.map(fate)
        isHeld = trials.map(\.optimizer.isOpen)
        waitingFor = Array(repeating: 0, count: trials.count)
        dependents = Array(repeating: [], count: trials.count)
        unsettled = zip(fates, isHeld).count { $0 == nil && !$1 }
        let positions = Dictionary(uniqueKeysWithValues: zip(trials.map(\.id), trials.indices))
        for (index, trial) in trials.enumerated() where fates[index] == nil {
            for case let needed? in trial.dependencies.map({ positions[$0] }) where fates[needed] == nil {
                waitingFor[index] += 1
                dependents[needed].append(index)
            }
        }
    }

    /// The trials that nothing holds back, in the order of the plan.
    var ready: [Int] {
        fates.indices.filter { fates[$0] == nil && waitingFor[$0] == 0 && !isHeld[$0] }
    }

    /// Whether trials are held that might run: those that the plan says more of when the others are completed.
    var isHolding: Bool { zip(fates, isHeld).contains { $0 == nil && $1 } }

    /// Notes what became of a trial, and of those that can no longer run because of it.
    ///
    /// - Returns: the trials that nothing holds back any more.
    mutating func settle(_ trial: Int, _ fate: Fate) -> [Int] {
        guard fates[trial] == nil else { return [] }
        fates[trial] = fate
        if !isHeld[trial] { unsettled -= 1 }
        if fate == .completed {
            return dependents[trial].filter { dependent in
                waitingFor[dependent] -= 1
                return waitingFor[dependent] == 0 && fates[dependent] == nil && !isHeld[dependent]
            }
        }
        for dependent in dependents[trial] {
            _ = settle(dependent, fate == .interrupted || fate == .notBegun ? .notBegun : .blocked)
        }
        return []
    }

    /// What has become of all; what is still held was not begun.
    var report: RunReport {
        func count(_ fate: Fate) -> Int { fates.count { ($0 ?? .notBegun) == fate } }
        return RunReport(
            completedBefore: count(.completedBefore), completed: count(.completed), failed: count(.failed),
            blocked: count(.blocked), interrupted: count(.interrupted), notBegun: count(.notBegun))
    }
}
