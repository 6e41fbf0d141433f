/// The optimizers of one experiment side by side.
public struct Comparison: Sendable, Equatable {
    /// The experiment's name.
    public var experiment: String
    /// The hash that tells this version of the experiment from others of its name, where it has one.
    public var version: String?
    /// The question that the experiment asks, in its author's words.
    public var question: String?
    /// What data the trials really used, a line each.
    public var data: [String]
    /// How many evaluation trials have not finished, and are not in these figures.
    public var unfinishedTrials: Int
    /// How many evaluation trials failed, and are not in these figures either.
    public var failedTrials: Int
    /// One comparison a problem, in the order in which the problems first appear.
    public var problems: [ProblemComparison]

    /// Compares `outcomes`, problem by problem.
    ///
    /// Of two outcomes with the same problem, optimizer and seed, the later one in the list counts. `tunedSettings`
    /// gives what tuning chose for an optimizer, given the names of the problem and the optimizer.
    public init(
        experiment: String, version: String? = nil, question: String? = nil, data: [String] = [],
        unfinishedTrials: Int = 0, failedTrials: Int = 0, outcomes: [TrialOutcome],
        tunedSettings: (_ problem: String, _ optimizer: String) -> [TunedSetting] = { _, _ in [] }
    ) {
        self.experiment = experiment
        self.version = version
        self.question = question
        self.data = data
        self.unfinishedTrials = unfinishedTrials
        self.failedTrials = failedTrials
        var names: [String] = []
        var byProblem: [String: [TrialOutcome]] = [:]
        for outcome in outcomes {
            if byProblem[outcome.problem] == nil {
                names.append(outcome.problem)
            }
            byProblem[outcome.problem, default: []].append(outcome)
        }
        problems = names.map { name in
            let outcomes = byProblem[name] ?? []
            var problem = ProblemComparison(name: name, outcomes: outcomes) { tunedSettings(name, $0) }
            problem.groupings = ArchitectureProperty.allCases.compactMap {
                ArchitectureGrouping(by: $0, problem: name, outcomes: outcomes)
            }
            return problem
        }
    }
}

/// The optimizers of one problem side by side.
public struct ProblemComparison: Sendable, Equatable {
    /// The problem's name.
    public let name: String
    /// The optimizers, the lowest mean final loss first; of equal means the lower median first.
    public let optimizers: [OptimizerSummary]
    /// Every pair of optimizers, the one with the lower mean as `a`, in the order of `optimizers`.
    ///
    /// The p-values of a problem's pairs are one family for Holm's correction.
    public let pairs: [PairComparison]
    /// The students that the trials drew, one a seed, in order of the seeds; empty where the problem has none.
    public let students: [StudentArchitecture]
    /// The same trials by their students' depth and number of weights, as far as students differ in them.
    public internal(set) var groupings: [ArchitectureGrouping] = []

    /// Compares the trials of one problem.
    init(
        name: String, outcomes: [TrialOutcome], tunedSettings: (_ optimizer: String) -> [TunedSetting] = { _ in [] }
    ) {
        var trials: [String: [Int: TrialOutcome]] = [:]
        for outcome in outcomes {
            trials[outcome.optimizer, default: [:]][outcome.seed] = outcome
        }
        let optimizers = trials
            .map { name, bySeed in
                let outcomes = bySeed.values.sorted { $0.seed < $1.seed }
                return OptimizerSummary(name: name, outcomes: outcomes, tunedSettings: tunedSettings(name))
            }
            .sorted { $0.rank < $1.rank }
        var pairs: [PairComparison] = []
        for (position, a) in optimizers.enumerated() {
            for b in optimizers[(position + 1)...] {
                pairs.append(PairComparison(a: a.name, b: b.name, trials[a.name] ?? [:], trials[b.name] ?? [:]))
            }
        }
        for (index, pValue) in HolmCorrection.corrected(pairs.map(\.pValue)).enumerated() {
            pairs[index].pValueHolm = pValue
        }
        self.name = name
        self.optimizers = optimizers
        self.pairs = pairs
        students = outcomes.students
    }

    /// The pair of these two optimizers, whichever of them is its `a`.
    public func pair(_ first: String, _ second: String) -> PairComparison? {
        pairs.first { ($0.a == first && $0.b == second) || ($0.a == second && $0.b == first) }
    }
}

/// What the trials of one optimizer on one problem came to.
public struct OptimizerSummary: Sendable, Equatable {
    /// The optimizer's name.
    public let name: String
    /// What tuning chose for it; empty where nothing was tuned.
    public let tunedSettings: [TunedSetting]
    /// The loss after the last step.
    public let finalLoss: SampleSummary
    /// The loss on the test split, over the trials that recorded one or diverged; nil where none recorded one.
    public let testLoss: SampleSummary?
    /// The share of the test split classified correctly, over the trials that recorded one; nil where none did.
    public let accuracy: SampleSummary?
    /// The mean over the trials of the loss at each step. It is NaN or infinite from the step at which a trial
    /// diverged or ended before the others, so that no part of it is a mean over survivors.
    public let meanCurve: [Double]

    /// How many trials there are.
    public var trials: Int { finalLoss.count }
    /// How many of them diverged.
    public var diverged: Int { finalLoss.diverged }

    init(name: String, outcomes: [TrialOutcome], tunedSettings: [TunedSetting]) {
        self.name = name
        self.tunedSettings = tunedSettings
        finalLoss = SampleSummary(outcomes.map(\.finalLoss))
        if outcomes.contains(where: { $0.testLoss != nil }) {
            // A journal has no NaN: where a trial diverged, a test loss that is not there was one.
            testLoss = SampleSummary(outcomes.compactMap { $0.testLoss ?? ($0.finalLoss.isFinite ? nil : .nan) })
        } else {
            testLoss = nil
        }
        let accuracies = outcomes.compactMap(\.accuracy)
        accuracy = accuracies.isEmpty ? nil : SampleSummary(accuracies)
        let curves = outcomes.map(\.curve)
        let length = curves.map(\.count).max() ?? 0
        meanCurve = (0..<length).map { step in
            curves.reduce(0) { $0 + (step < $1.count ? $1[step] : .nan) } / Double(curves.count)
        }
    }

    fileprivate var rank: (Double, Double, String) { (finalLoss.mean, finalLoss.median, name) }
}

/// Two optimizers on the same problem, their trials paired by seed.
public struct PairComparison: Sendable, Equatable {
    /// One optimizer's name.
    public let a: String
    /// The other's.
    public let b: String
    /// On how many seeds the final loss of `a` is the lower one. A trial that diverged loses to one that did not.
    public let wins: Int
    /// On how many seeds the final loss of `a` is the higher one.
    public let losses: Int
    /// On how many seeds the two are equal, or both diverged.
    public let ties: Int
    /// The two-sided p-value of Wilcoxon's signed-rank test of the differences; 1 where there is none to test.
    public let pValue: Double
    /// The p-value corrected, by Holm's method, for all pairs of the problem having been tested.
    public internal(set) var pValueHolm: Double

    /// How many seeds both ran on.
    public var seeds: Int { wins + losses + ties }

    init(a: String, b: String, _ trialsOfA: [Int: TrialOutcome], _ trialsOfB: [Int: TrialOutcome]) {
        let differences = trialsOfA.compactMap { seed, outcome in
            trialsOfB[seed].map { Self.difference(outcome.finalLoss, $0.finalLoss) }
        }
        self.a = a
        self.b = b
        wins = differences.count { $0 < 0 }
        losses = differences.count { $0 > 0 }
        ties = differences.count { $0 == 0 }
        pValue = SignedRankTest(differences: differences).pValue
        pValueHolm = pValue
    }

    private static func difference(_ a: Double, _ b: Double) -> Double {
        switch (a.isFinite, b.isFinite) {
        case (true, true): a - b
        case (true, false): -.infinity
        case (false, true): .infinity
        case (false, false): 0
        }
    }
}
