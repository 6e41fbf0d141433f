import ExperimentSpec

/// Which trials of an experiment are done, and which wait for others.
struct TrialBoard {
    /// What became of a trial in a run.
    enum Fate {
        case completedBefore, completed, failed, blocked, interrupted
        /// The run was told to stop before the trial began.
        case notBegun
    }

    private var fates: [Fate?]
    /// For each trial, how many that it needs are not completed.
    private var waitingFor: [Int]
    /// For each trial, those that need it.
    private var dependents: [[Int]]
    /// How many trials have no fate yet.
    private(set) var unsettled: Int

    /// - Parameters:
    ///   - trials: a plan's, each after those that it depends on.
    ///   - isCompleted: whether an earlier run completed a trial.
    init(_ trials: [TrialDescription], isCompleted: (TrialDescription) -> Bool) {
        fates = trials.map { isCompleted($0) ? .completedBefore : nil }
        waitingFor = Array(repeating: 0, count: trials.count)
        dependents = Array(repeating: [], count: trials.count)
        unsettled = fates.count { $0 == nil }
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
        fates.indices.filter { fates[$0] == nil && waitingFor[$0] == 0 }
    }

    /// Notes what became of a trial, and of those that can no longer run because of it.
    ///
    /// - Returns: the trials that nothing holds back any more.
    mutating func settle(_ trial: Int, _ fate: Fate) -> [Int] {
        guard fates[trial] == nil else { return [] }
        fates[trial] = fate
        unsettled -= 1
        if fate == .completed {
            return dependents[trial].filter { dependent in
                waitingFor[dependent] -= 1
                return waitingFor[dependent] == 0 && fates[dependent] == nil
            }
        }
        for dependent in dependents[trial] {
            _ = settle(dependent, fate == .interrupted || fate == .notBegun ? .notBegun : .blocked)
        }
        return []
    }

    var report: RunReport {
        func count(_ fate: Fate) -> Int { fates.count { $0 == fate } }
        return RunReport(
            completedBefore: count(.completedBefore), completed: count(.completed), failed: count(.failed),
            blocked: count(.blocked), interrupted: count(.interrupted), notBegun: count(.notBegun))
    }
}
