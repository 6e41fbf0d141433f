import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Nouns

/// Optimizes a problem with an optimizer that is compared with others, on seeds that all of them share.
public struct EvaluationKind: TrialKind {
    public let name = TrialKindName.evaluation

    public init() {}

    public func field(_ vocabulary: Vocabulary) -> Field? {
        Field("evaluation", .object(EvaluationFormat.format(vocabulary)), "How optimizers are compared.")
    }

    public func check(_ spec: CheckedObject, _ vocabulary: Vocabulary) -> [Slip] { EvaluationChecks(spec).slips }

    public func trialCount(_ settings: ExperimentSettings) -> Double {
        guard let evaluation = settings.evaluation else { return 0 }
        let optimizers = evaluation.optimizers.reduce(0) { $0 + settings.replicates(of: $1).count }
        return Double(optimizers) * Double(evaluation.repeats) * Double(evaluation.problems.count)
    }

    public func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] {
        guard let evaluation = settings.evaluation else { return [] }
        var tunings: [String] = []
        var evaluations: [String] = []
        for problem in evaluation.problems {
            for optimizer in evaluation.optimizers {
                let learned = settings.generation(of: optimizer).map {
                    MetaTrainingKind.trials(ofGeneration: $0, settings, planner)
                }
                // What replicates are tuned by is chosen for each of them: each stands for the whole recipe.
                for (index, replicate) in settings.replicates(of: optimizer).enumerated() {
                    let place = EvaluatedPlace(settings, evaluation, problem, optimizer, replicate: replicate, planner)
                    let learnedBy = learned?[index]
                    let source: TrialOptimizer
                    if optimizer.tunedSettings.isEmpty {
                        source = optimizer.source(optimizer.fixedSettings, learnedBy: learnedBy)
                    } else {
                        let group = TuningKind().plan(place, learnedBy: learnedBy, &planner)
                        tunings += group.candidates.flatMap(\.trials)
                        source = .tuned(group)
                    }
                    evaluations += plan(source, place, &planner)
                }
            }
        }
        return tunings + evaluations
    }

    /// The repeats of one optimizer on one problem.
    private func plan(_ source: TrialOptimizer, _ place: EvaluatedPlace, _ planner: inout Planner) -> [String] {
        let (asked, seeds) = (place.evaluation.repeats, place.settings.seeds)
        let content = place.settings.content(of: place.optimizer)
        let details: [String: JSONValue] =
            place.evaluation.snapshotEvery.map { [Self.snapshotEvery: .integer($0)] } ?? [:]
        return (0..<place.repeats(asked)).map { index in
            planner.add(
                place.trial(
                    self, source, content: content, seed: seeds.evaluation(index), details: details, asked: asked))
        }
    }

    public func activity(_ what: String) -> String { what }

    /// Its parameters are recorded at the start and at the end, and on the way where the spec says so.
    public func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome
    {
        let trial = execution.trial
        let every = trial.details.integer(ifGiven: Self.snapshotEvery) ?? trial.steps
        return try execution.optimize(snapshotEvery: every, context)
    }

    public var summary: TrialKindSummary {
        TrialKindSummary(kind: name, title: "Evaluation", isCompared: true, ranking: .finalLoss, curve: .loss)
    }

    private static let snapshotEvery = "snapshotEvery"
}

extension TrialKindName {
    public static let evaluation: TrialKindName = "evaluation"
}

/// One optimizer on one problem, as an evaluation has it.
struct EvaluatedPlace {
    let settings: ExperimentSettings
    let evaluation: EvaluationSpec
    let problem: ProblemSpec
    let optimizer: OptimizerSpec
    /// Which of several that were trained it is; nil where there is but one.
    let replicate: Int?
    private let problemLabel: String
    private let optimizerLabel: String
    private let isSeedless: Bool

    init(
        _ settings: ExperimentSettings, _ evaluation: EvaluationSpec, _ problem: ProblemSpec,
        _ optimizer: OptimizerSpec, replicate: Int?, _ planner: Planner
    ) {
        self.settings = settings
        self.evaluation = evaluation
        self.problem = problem
        self.optimizer = optimizer
        self.replicate = replicate
        problemLabel = planner.label(of: problem, settings)
        optimizerLabel = planner.label(of: optimizer, settings)
        isSeedless = planner.isSeedless(problem)
    }

    /// How many trials it takes for so many repeats: one where the seed changes nothing.
    func repeats(_ asked: Int) -> Int { isSeedless ? 1 : asked }

    /// - Parameter asked: how many repeats the spec asks for.
    func trial(
        _ kind: some TrialKind, _ source: TrialOptimizer, content: JSONValue, seed: UInt64,
        details: [String: JSONValue] = [:], asked: Int
    ) -> TrialDescription {
        TrialDescription(
            kind, precision: settings.precision, problem: problem, called: problemLabel,
            optimizer: source, content: content, called: optimizerLabel,
            replicate: replicate, seed: seed, steps: evaluation.steps, details: details,
            standsFor: isSeedless ? asked : 1)
    }
}

extension ExperimentSettings {
    /// The replicates of an optimizer that is evaluated: all that are trained here, or nil alone.
    func replicates(of optimizer: OptimizerSpec) -> [Int?] { generation(of: optimizer) == nil ? [nil] : replicates }
}

extension EvaluatedPlace {
    /// One of the optimizers that tuning chooses from, and what decides its behaviour.
    func candidate(
        _ chosen: Settings, learnedBy metaTraining: String?
    ) -> (optimizer: TrialOptimizer, content: JSONValue) {
        let json = optimizer.json(chosen)
        guard settings.generation(of: optimizer) != nil, let members = settings.content(of: optimizer).object,
            let own = json.object
        else { return (optimizer.source(chosen, learnedBy: metaTraining), json) }
        return (optimizer.source(chosen, learnedBy: metaTraining), .object(members.merging(own) { $1 }))
    }
}

extension OptimizerSpec {
    /// The optimizer with one of its candidates' settings.
    fileprivate func source(_ settings: Settings, learnedBy metaTraining: String?) -> TrialOptimizer {
        func adjusted(_ learned: TrialOptimizer) -> TrialOptimizer {
            settings.values.isEmpty ? learned : .adjusted(learned, settings)
        }
        return switch source {
        case .trained: adjusted(.trained(by: metaTraining ?? ""))
        case .stored(let name): adjusted(.stored(name: name))
        case .rule(let kind, _): .rule(UpdateRuleSpec(kind: kind, settings: settings))
        }
    }

    /// Kind and settings of one of its candidates.
    func json(_ settings: Settings) -> JSONValue {
        var members = settings.values
        members["kind"] = .string(kind)
        switch source {
        case .trained(let generation): members["generation"] = generation.map { .integer($0) }
        case .stored(let name): members["name"] = .string(name)
        case .rule: break
        }
        return .object(members)
    }
}
