import Formats
import Nouns

/// Makes the trials of one sweep point after another, those that are the same only once.
struct Planner {
    private let optimizerLabels: [Named: String]
    private let problemLabels: [Named: String]
    /// Problems that are the same whatever the seed.
    private let seedless: Set<ProblemSpec>
    private var trials: [TrialKindName: [PlannedTrial]] = [:]
    private var known: Set<String> = []

    init(_ points: [SweepPoint], seedless: Set<ProblemSpec>) {
        self.seedless = seedless
        optimizerLabels = Named.labels(of: points.flatMap(\.settings.namedOptimizers))
        problemLabels = Named.labels(of: points.flatMap(\.settings.namedProblems))
    }

    /// All trials so far, each after those that it depends on.
    var orderedTrials: [TrialDescription] {
        [TrialKindName.metaTraining, .tuning, .evaluation].flatMap { trials[$0] ?? [] }.enumerated().map {
            $1.description(index: $0)
        }
    }

    /// Plans the trials of a point, and returns their identities.
    mutating func plan(_ point: SweepPoint) -> [String] {
        let settings = point.settings
        let learning = settings.metaTraining.map { planMetaTraining($0, settings) } ?? []
        guard let evaluation = settings.evaluation else { return learning }
        var tunings: [String] = []
        var evaluations: [String] = []
        for problem in evaluation.problems {
            for optimizer in evaluation.optimizers {
                let place = Place(settings: settings, evaluation: evaluation, problem: problem, optimizer: optimizer)
                let source: TrialOptimizer
                if !optimizer.tunedSettings.isEmpty {
                    let group = planTuning(place)
                    tunings += group.candidates.flatMap(\.trials)
                    source = .tuned(group)
                } else {
                    source = optimizer.fixedSource(
                        learnedBy: settings.generation(of: optimizer).map { learning[$0 - 1] })
                }
                for index in 0..<repeats(evaluation.repeats, on: problem) {
                    evaluations.append(planEvaluation(source, place, index))
                }
            }
        }
        return learning + tunings + evaluations
    }

    /// How many trials it takes for so many repeats.
    private func repeats(_ count: Int, on problem: ProblemSpec) -> Int { seedless.contains(problem) ? 1 : count }

    /// One optimizer on one problem.
    private struct Place {
        let settings: ExperimentSettings
        let evaluation: EvaluationSpec
        let problem: ProblemSpec
        let optimizer: OptimizerSpec
    }

    /// One trial for each generation, all from the same seed, so that they differ in what teaches them alone.
    private mutating func planMetaTraining(_ training: MetaTrainingSpec, _ settings: ExperimentSettings) -> [String] {
        var trials: [String] = []
        for number in settings.generations {
            var content = training.settings.json.object ?? [:]
            if settings.generations.count > 1 { content["generation"] = .integer(number) }
            let learned = settings.namedTrainedOptimizer(generation: number)
            trials.append(
                add(
                    PlannedTrial(
                        kind: .metaTraining, precision: settings.precision, problem: settings.problem,
                        problemLabel: problemLabels[settings.namedTrainingProblem] ?? settings.problem.label,
                        optimizer: .learned(training, Generation(number: number, teacher: trials.last)),
                        optimizerLabel: optimizerLabels[learned] ?? "", seed: settings.seeds.metaTraining,
                        steps: training.steps, snapshotEvery: nil, optimizerContent: .object(content))))
        }
        return trials
    }

    private mutating func planTuning(_ place: Place) -> TuningGroup {
        let tuned = place.optimizer.tunedSettings
        return TuningGroup(
            candidates: place.optimizer.candidates.map { rule in
                let trials = (0..<repeats(place.evaluation.tuningRepeats, on: place.problem)).map { index in
                    add(
                        trial(
                            .tuning, .rule(rule), place, seed: place.settings.seeds.tuning(index), content: rule.json))
                }
                let values = tuned.map { "\($0) \(rule.settings.values[$0]?.canonicalText ?? "")" }
                return TuningGroup.Candidate(rule: rule, label: values.joined(separator: ", "), trials: trials)
            })
    }

    private mutating func planEvaluation(_ source: TrialOptimizer, _ place: Place, _ index: Int) -> String {
        add(
            trial(
                .evaluation, source, place, seed: place.settings.seeds.evaluation(index),
                content: place.settings.named(place.optimizer).content))
    }

    private func trial(
        _ kind: TrialKindName, _ optimizer: TrialOptimizer, _ place: Place, seed: UInt64, content: JSONValue
    ) -> PlannedTrial {
        let asked = kind == .tuning ? place.evaluation.tuningRepeats : place.evaluation.repeats
        return PlannedTrial(
            kind: kind, precision: place.settings.precision, problem: place.problem,
            problemLabel: problemLabels[place.settings.named(place.problem)] ?? place.problem.label,
            optimizer: optimizer, optimizerLabel: optimizerLabels[place.settings.named(place.optimizer)] ?? "",
            seed: seed, steps: place.evaluation.steps,
            snapshotEvery: kind == .evaluation ? place.evaluation.snapshotEvery : nil, optimizerContent: content,
            standsFor: seedless.contains(place.problem) ? asked : 1)
    }

    private mutating func add(_ trial: PlannedTrial) -> String {
        if known.insert(trial.id).inserted { trials[trial.kind, default: []].append(trial) }
        return trial.id
    }
}

/// A trial whose place in the plan is not yet known.
private struct PlannedTrial {
    let kind: TrialKindName
    let precision: ExperimentSettings.Precision
    let problem: ProblemSpec
    let problemLabel: String
    let optimizer: TrialOptimizer
    let optimizerLabel: String
    let seed: UInt64
    let steps: Int
    let snapshotEvery: Int?
    let standsFor: Int
    let identityText: String
    let id: String

    init(
        kind: TrialKindName, precision: ExperimentSettings.Precision, problem: ProblemSpec,
        problemLabel: String, optimizer: TrialOptimizer, optimizerLabel: String, seed: UInt64, steps: Int,
        snapshotEvery: Int?, optimizerContent: JSONValue, standsFor: Int = 1
    ) {
        self.kind = kind
        self.precision = precision
        self.problem = problem
        self.problemLabel = problemLabel
        self.optimizer = optimizer
        self.optimizerLabel = optimizerLabel
        self.seed = seed
        self.steps = steps
        self.snapshotEvery = snapshotEvery
        self.standsFor = standsFor
        var content: [String: JSONValue] = [
            "kind": .string(kind.rawValue), "precision": .string(precision.rawValue),
            "problem": problem.json, "problemLabel": .string(problemLabel),
            "optimizer": optimizerContent, "optimizerLabel": .string(optimizerLabel),
            "seed": .integer(Int(seed)), "steps": .integer(steps),
        ]
        content["snapshotEvery"] = snapshotEvery.map { .integer($0) }
        identityText = JSONValue.object(content).canonicalText
        id = sha256(identityText)
    }

    func description(index: Int) -> TrialDescription {
        TrialDescription(
            index: index, id: id, identityText: identityText, kind: kind, precision: precision, problem: problem,
            problemLabel: problemLabel, optimizer: optimizer, optimizerLabel: optimizerLabel, seed: seed,
            steps: steps, snapshotEvery: snapshotEvery, standsFor: standsFor)
    }
}

extension OptimizerSpec {
    /// The optimizer of its evaluations, where nothing is tuned.
    fileprivate func fixedSource(learnedBy metaTraining: String?) -> TrialOptimizer {
        switch source {
        case .trained: .trained(by: metaTraining ?? "")
        case .stored(let name): .stored(name: name)
        case .rule(let kind, let settings):
            .rule(UpdateRuleSpec(kind: kind, settings: Settings(settings.compactMapValues(\.values.first))))
        }
    }
}
