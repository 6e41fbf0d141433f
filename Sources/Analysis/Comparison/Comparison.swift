/// The optimizers of one experiment, or of several, side by side.
public struct Comparison: Sendable, Equatable {
    /// The experiment's name.
    public var experiment: String
    /// The hash that tells this version of the experiment from others of its name, where it has one.
    public var version: String?
    /// The question that the experiment asks, in its author's words.
    public var question: String?
    /// What was asked of the comparison.
    public var criteria: ComparisonCriteria
    /// What the trials were computed with and from.
    public var provenance: Provenance
    /// How many evaluation trials have not finished, and are not in these figures.
    public var unfinishedTrials: Int
    /// How many evaluation trials failed, and are not in these figures either.
    public var failedTrials: Int
    /// One comparison a problem, in the order in which the problems first appear.
    public var problems: [ProblemComparison]
    /// The trials by a recorded field; nil where that was not asked for.
    public var byField: FieldGrouping?
    /// The experiments, where several are compared; empty for one.
    public var experiments: [ComparedExperiment] = []

    /// Compares `outcomes`, problem by problem.
    ///
    /// Of two outcomes with the same problem, optimizer, seed and setting, the later one in the list counts. `tuning` gives what
    /// was tuned of an optimizer, given the names of the problem and the optimizer, and the number of one of several
    /// replicates.
    public init(
        experiment: String, version: String? = nil, question: String? = nil,
        criteria: ComparisonCriteria = ComparisonCriteria(), provenance: Provenance = Provenance(),
        unfinishedTrials: Int = 0, failedTrials: Int = 0, outcomes: [ComparedTrial],
        tuning: (_ problem: String, _ optimizer: String, _ replicate: Int?) -> OptimizerTuning? = { _, _, _ in nil }
    ) {
        self.experiment = experiment
        self.version = version
        self.question = question
        self.criteria = criteria
        self.provenance = provenance
        self.unfinishedTrials = unfinishedTrials
        self.failedTrials = failedTrials
        var names: [String] = []
        var byProblem: [String: [ComparedTrial]] = [:]
        for outcome in outcomes {
            if byProblem[outcome.problem] == nil {
                names.append(outcome.problem)
            }
            byProblem[outcome.problem, default: []].append(outcome)
        }
        problems = names.map { name in
            let outcomes = byProblem[name] ?? []
            var problem = ProblemComparison(name: name, outcomes: outcomes, criteria: criteria) { tuning(name, $0, $1) }
            problem.groupings = ArchitectureProperty.allCases.compactMap {
                ArchitectureGrouping(by: $0, problem: name, outcomes: outcomes, criteria: criteria)
            }
            return problem
        }
        byField = criteria.field.map { FieldGrouping(by: $0, outcomes: outcomes, criteria: criteria) }
    }
}

/// The optimizers of one problem side by side.
public struct ProblemComparison: Sendable, Equatable {
    /// The problem's name.
    public let name: String
    /// What was asked of the comparison.
    public let criteria: ComparisonCriteria
    /// The optimizers, the best mean first; of equal means the better median first.
    public let optimizers: [OptimizerSummary]
    /// The pairs of optimizers that were asked for, the one with the better mean as `a`, in the order of `optimizers`.
    ///
    /// The p-values of a problem's pairs are one family for Holm's correction.
    public let pairs: [PairComparison]
    /// The students that the trials drew, one a seed, in order of the seeds; empty where the problem has none.
    public let students: [StudentArchitecture]
    /// How soon the optimizers reach the target; nil where none was asked for.
    public let target: TargetComparison?
    /// The same trials by their students' depth and number of weights, as far as students differ in them.
    public internal(set) var groupings: [ArchitectureGrouping] = []

    /// Compares the trials of one problem.
    init(
        name: String, outcomes: [ComparedTrial], criteria: ComparisonCriteria = ComparisonCriteria(),
        tuning: (_ optimizer: String, _ replicate: Int?) -> OptimizerTuning? = { _, _ in nil }
    ) {
        let metric = criteria.metric
        let samples = OptimizerSample.samples(of: outcomes)
        let summaries = samples.map { sample in
            OptimizerSummary(sample, metric: metric) { tuning(sample.name, $0) }
        }
        let order = summaries.indices.sorted { summaries[$0].rank < summaries[$1].rank }
        var optimizers = Self.addingRivals(
            to: order.map { summaries[$0] }, higherIsBetter: metric.higherIsBetter)
        var pairs = order.map { samples[$0] }.pairs(criteria, higherIsBetter: metric.higherIsBetter) { trial in
            trial.pairedValue(of: metric)
        }
        pairs.correct()
        let byName = Dictionary(uniqueKeysWithValues: optimizers.map { ($0.name, $0) })
        for index in pairs.indices {
            guard let a = byName[pairs[index].a], let b = byName[pairs[index].b] else { continue }
            pairs[index].replicates = Self.tally(a, b)
        }
        SampleSummary.fillIntervals { (body: (inout SampleSummary) -> Void) in
            for index in optimizers.indices { optimizers[index].forEachSample(body) }
            for index in pairs.indices { body(&pairs[index].difference) }
        }
        target = criteria.target.map { TargetComparison($0, samples, criteria: criteria) }
        self.name = name
        self.criteria = criteria
        self.optimizers = optimizers
        self.pairs = pairs
        students = outcomes.students
    }

    /// The pair of these two optimizers, whichever of them is its `a`; nil where it was not asked for.
    public func pair(_ first: String, _ second: String) -> PairComparison? {
        pairs.first { ($0.a == first && $0.b == second) || ($0.a == second && $0.b == first) }
    }
}
