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

/// The trials of one optimizer, replicate by replicate, and in the order of their places.
struct OptimizerSample {
    let name: String
    let trials: [ComparedTrial]
    let places: [TrialPlace]
    /// Where the trials of each replicate are; all in one of an optimizer that has none.
    let replicates: [Range<Int>]
    /// Whether the seed changes nothing, so that all trials of a replicate are one computation.
    let isOne: Bool

    /// Of two trials of one replicate and place, the later one counts.
    init(name: String, outcomes: [ComparedTrial]) {
        let places = outcomes.map(TrialPlace.init)
        let numbers = outcomes.map { $0.replicate?.number ?? 0 }
        let order = places.indices.sorted { (numbers[$0], places[$0], $0) < (numbers[$1], places[$1], $1) }
        let last = order.indices.filter { position in
            guard position + 1 < order.count else { return true }
            let (this, next) = (order[position], order[position + 1])
            return places[this] != places[next] || numbers[this] != numbers[next]
        }.map { order[$0] }
        self.name = name
        trials = last.map { outcomes[$0] }
        self.places = last.map { places[$0] }
        let starts = last.indices.filter { $0 == 0 || numbers[last[$0]] != numbers[last[$0 - 1]] }
        let replicates = zip(starts, starts.dropFirst() + [last.count]).map { $0..<$1 }
        self.replicates = replicates
        isOne = replicates.allSatisfy { [trials] in trials[$0].areOneComputation }
    }

    /// Whether several were trained, so that there is more than one trial of a place.
    var isReplicated: Bool { replicates.count > 1 }

    /// The trials as evidence: of each replicate one, where all of its are one computation.
    var evidence: [ComparedTrial] { isOne ? replicates.map { trials[$0.lowerBound] } : trials }

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
