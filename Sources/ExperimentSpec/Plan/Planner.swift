import Nouns

/// Gathers the trials of one sweep point after another, those that are the same only once.
public struct Planner {
    /// What specs may name.
    public let vocabulary: Vocabulary
    private let knowledge: PlanKnowledge
    private let optimizerLabels: [Named: String]
    private let problemLabels: [Named: String]
    /// Problems that are the same whatever the seed.
    private let seedless: Set<ProblemSpec>
    private var trials: [TrialKindName: [TrialDescription]] = [:]
    private var known: Set<String> = []
    private var trialsOfPoint: [TrialKindName: [String]] = [:]

    init(
        _ points: [SweepPoint], _ vocabulary: Vocabulary, knowing knowledge: PlanKnowledge, seedless: Set<ProblemSpec>
    ) {
        self.vocabulary = vocabulary
        self.knowledge = knowledge
        self.seedless = seedless
        let kinds = vocabulary.trialKinds
        optimizerLabels = Named.labels(
            of: points.flatMap { point in
                point.settings.namedOptimizers + kinds.flatMap { $0.namedOptimizers(point.settings) }
            })
        problemLabels = Named.labels(of: points.flatMap(\.settings.namedProblems))
    }

    /// All trials so far, kind by kind, each after those that it depends on.
    var orderedTrials: [TrialDescription] {
        vocabulary.trialKinds.flatMap { trials[$0.name] ?? [] }.enumerated().map { $1.at($0) }
    }

    /// Plans the trials of a point, and returns their identities.
    mutating func plan(_ point: SweepPoint) -> [String] {
        trialsOfPoint = [:]
        return vocabulary.trialKinds.flatMap { $0.plan(point.settings, &self) }
    }

    /// The identities of the trials of a kind that the same point has so far: what later kinds may need.
    public func trials(of kind: TrialKindName) -> [String] { trialsOfPoint[kind] ?? [] }

    /// Takes a trial into the plan, unless it is there already, and returns its identity.
    public mutating func add(_ trial: TrialDescription) -> String {
        if known.insert(trial.id).inserted { trials[trial.kind, default: []].append(trial) }
        trialsOfPoint[trial.kind, default: []].append(trial.id)
        return trial.id
    }

    /// The number by which a trial is better than others of its kind, NaN where it has none; nil until it is completed.
    public func ranking(of trial: String) -> Double? { knowledge.ranking(of: trial) }

    /// The candidates, as canonical JSON, from which an optimizer's settings on a problem were chosen; nil until that.
    public func candidatesChosenFrom(
        _ optimizer: OptimizerSpec, replicate: Int?, on problem: ProblemSpec, _ settings: ExperimentSettings
    ) -> Set<String>? {
        knowledge.choice(
            problem: label(of: problem, settings), optimizer: label(of: optimizer, settings), replicate: replicate)
    }

    /// Whether a problem is the same whatever the seed, so that one trial stands for all repeats.
    public func isSeedless(_ problem: ProblemSpec) -> Bool { seedless.contains(problem) }

    /// What a problem is called, told apart from others of its name.
    public func label(of problem: ProblemSpec, _ settings: ExperimentSettings) -> String {
        problemLabels[settings.named(problem)] ?? problem.label
    }

    /// What the spec's own `problem` is called: as the evaluation calls it, if it is among its problems.
    public func labelOfProblem(_ settings: ExperimentSettings) -> String {
        problemLabels[settings.namedTrainingProblem] ?? settings.problem.label
    }

    /// What an optimizer is called, told apart from others of its name.
    public func label(of optimizer: OptimizerSpec, _ settings: ExperimentSettings) -> String {
        optimizerLabels[settings.named(optimizer)] ?? optimizer.name
    }

    /// What an optimizer of a kind's own is called, told apart from others of its name.
    public func label(of optimizer: Named) -> String { optimizerLabels[optimizer] ?? optimizer.name }

    /// What the optimizer of a generation is called.
    public func label(ofGeneration number: Int, _ settings: ExperimentSettings) -> String {
        optimizerLabels[settings.namedTrainedOptimizer(generation: number)] ?? "trained"
    }
}
