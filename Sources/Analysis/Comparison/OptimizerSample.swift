/// What makes two trials of different optimizers a pair: the same student, the same minibatches.
struct TrialPlace: Hashable, Comparable {
    let seed: Int
    let problem: String
    let setting: String

    init(_ trial: ComparedTrial) {
        seed = trial.seed
        problem = trial.problem
        setting = trial.setting
    }

    static func < (a: TrialPlace, b: TrialPlace) -> Bool {
        if a.seed != b.seed { return a.seed < b.seed }
        return a.problem == b.problem ? a.setting < b.setting : a.problem < b.problem
    }
}

/// The trials of one optimizer, in the order of their places.
struct OptimizerSample {
    let name: String
    let trials: [ComparedTrial]
    let places: [TrialPlace]
    /// Whether the seed changes nothing, so that all trials are one computation.
    let isOne: Bool

    /// Of two trials of one place, the later one counts.
    init(name: String, outcomes: [ComparedTrial]) {
        let places = outcomes.map(TrialPlace.init)
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        let last = order.indices.filter { position in
            position + 1 == order.count || places[order[position]] != places[order[position + 1]]
        }.map { order[$0] }
        self.name = name
        trials = last.map { outcomes[$0] }
        self.places = last.map { places[$0] }
        isOne = trials.areOneComputation
    }

    /// The trials as evidence: one where all are one computation.
    var evidence: ArraySlice<ComparedTrial> { isOne ? trials.prefix(1) : trials[...] }

    /// The trials of each optimizer, in the order in which they first appear.
    static func samples(of outcomes: [ComparedTrial]) -> [OptimizerSample] {
        var positions: [String: Int] = [:]
        var parted: [(name: String, outcomes: [ComparedTrial])] = []
        for outcome in outcomes {
            if let position = positions[outcome.optimizer] {
                parted[position].outcomes.append(outcome)
            } else {
                positions[outcome.optimizer] = parted.count
                parted.append((outcome.optimizer, [outcome]))
            }
        }
        return parted.map(OptimizerSample.init)
    }

    /// The positions of the trials that are pairs with another optimizer's.
    func matches(_ other: OptimizerSample) -> [(Int, Int)] {
        var matches: [(Int, Int)] = []
        var (mine, others) = (0, 0)
        while mine < places.count, others < other.places.count {
            if places[mine] == other.places[others] {
                matches.append((mine, others))
                mine += 1
                others += 1
            } else if places[mine] < other.places[others] {
                mine += 1
            } else {
                others += 1
            }
        }
        return matches
    }
}

extension [OptimizerSample] {
    /// The pairs that were asked for, by what the trials came to, without correction for their number.
    func pairs(
        _ criteria: ComparisonCriteria, higherIsBetter: Bool, _ value: (ComparedTrial) -> PairedValue?
    ) -> [PairComparison] {
        let values = map { $0.trials.map(value) }
        return indices.flatMap { a in
            indices.dropFirst(a + 1).filter { criteria.tests(self[a].name, self[$0].name) }.map { b in
                PairComparison(self[a], self[b], values[a], values[b], higherIsBetter: higherIsBetter)
            }
        }
    }
}
