import ExperimentSpec
import Formats
import JournalStore
import MetaTraining
import Optimizers
import Problems
import Registry
import TensorEngine
import TrialKinds

/// Sees to it, before any trial starts, that problems fit their data, and optimizers the problems they are to be used on.
struct OptimizerFit {
    let request: RunRequest
    let registry: Registry
    let problems: ProblemFactory
    /// Learned optimizers of the journal, by the names that specs give them.
    let stored: [String: StoredOptimizer]

    /// What is beyond this is a slip, whatever the machine.
    private static let mostBytes = 1e15

    /// - Throws: ``JournalError`` of kind `badData` where a problem cannot be made of its data, where an optimizer cannot
    ///   work on it, or where no parameter of
    ///   the problem of a meta-training is in a group that is to be learned.
    func check(_ trials: some Sequence<TrialDescription>) throws {
        let trainings = Dictionary(
            uniqueKeysWithValues: request.plan.trials.filter(\.optimizer.isLearned).map { ($0.id, $0) })
        var checked: Set<[String]> = []
        for trial in trials {
            guard checked.insert([trial.problemLabel, trial.optimizerLabel, trial.kind.rawValue]).inserted else {
                continue
            }
            if let misfit = problems.misfit(of: trial) { throw fault(trial, misfit) }
            let problem = problems.problem(of: trial).family.problem(RandomKey(seed: trial.seed))
            if let misfit = request.kinds[trial.kind].misfit(of: trial, with: problem, registry) {
                throw fault(trial, misfit)
            }
            if case .several(let parts) = trial.optimizer {
                for (part, optimizer) in parts.sorted(by: { $0.key < $1.key }) {
                    guard case .stored(let name) = optimizer, let found = stored[name] else { continue }
                    try check(found.learned.optimizers, part: part, of: trial, on: problem)
                }
            } else if let optimizers = try optimizers(trial.optimizer, of: trial, trainings) {
                if case .learned(let spec, _) = trial.optimizer { try check(spec, of: optimizers, on: problem) }
                try check(optimizers, of: trial, on: problem)
            }
        }
    }

    /// What a trial optimizes with; nil where that is not known, or it is several that don't share a problem's parameters.
    private func optimizers(
        _ optimizer: TrialOptimizer, of trial: TrialDescription, _ trainings: [String: TrialDescription]
    ) throws -> ParameterGroups? {
        switch optimizer {
        case .learned(let spec, _): return registry.optimizers(spec.optimizer)
        case .trained(let id):
            guard case .learned(let spec, _) = trainings[id]?.optimizer else { return nil }
            return registry.optimizers(spec.optimizer)
        case .stored(let name): return stored[name]?.learned.optimizers
        case .rule(let rule): return ParameterGroups(registry.optimizer(rule))
        case .tuned(let group):
            guard let candidate = group.candidates.first else { return nil }
            return try optimizers(candidate.optimizer, of: trial, trainings)
        case .adjusted(let learned, let settings):
            try check(settings, replacing: learned, of: trial, trainings)
            return try optimizers(learned, of: trial, trainings)
        case .several: return nil
        }
    }

    /// A learned optimizer has the settings that are to be replaced.
    private func check(
        _ settings: Settings, replacing learned: TrialOptimizer, of trial: TrialDescription,
        _ trainings: [String: TrialDescription]
    ) throws {
        let spec: LearnedOptimizerSpec? =
            switch learned {
            case .stored(let name): stored[name]?.learned.spec
            case .trained(let id):
                if case .learned(let spec, _) = trainings[id]?.optimizer { spec.optimizer } else { nil }
            default: nil
            }
        let names = LearnedOptimizer.replacing(settings).values.keys.sorted()
        guard let spec, let name = names.first(where: { spec.settings.values[$0] == nil }) else { return }
        throw fault(
            trial,
            "found a \(name) for a learned optimizer of the kind \"\(spec.kind)\", which has none; allowed: one of a kind that "
                + "has, such as \"mlhf\"")
    }

    private func fault(_ trial: TrialDescription, _ found: String) -> JournalError {
        JournalError(.badData, "\(request.spec.name), \(trial.activity): \(found)")
    }

    /// What teaches an optimizer, and what it begins with, fit it.
    private func check(_ spec: MetaTrainingSpec, of optimizers: ParameterGroups, on problem: Problem) throws {
        func fault(_ field: String, _ found: String) -> JournalError {
            JournalError(.badData, "\(request.spec.name), metaTraining.\(field): \(found)")
        }
        switch registry.estimation(spec) {
        case .imitation(let imitation):
            if let obstacle = optimizers.imitationObstacle { throw fault("estimator", obstacle) }
            if let misfit = ParameterGroups(imitation.guide).misfit(with: problem) {
                throw fault("estimator.guide", misfit)
            }
        case .solutions:
            if let obstacle = optimizers.solvingObstacle { throw fault("estimator", obstacle) }
            if spec.secondDerivatives {
                throw fault(
                    "secondDerivatives", "found true; allowed: false, since \"solutions\" takes curvature as data")
            }
            if let weights = ["lossWeightExponent", "lossWeights"].first(where: { spec.settings.values[$0] != nil }) {
                throw fault(
                    weights, "found one; allowed: none, since \"solutions\" weighs the losses itself")
            }
        default: break
        }
        if spec.settings.values["replay"] != nil, !registry.estimation(spec).replays {
            throw fault(
                "replay", "found one; allowed: only where an optimizer such as \"mlhf\" learns by its solutions")
        }
        let metaOptimizers: ParameterGroups? =
            switch spec.metaOptimizer {
            case .stored(let name): stored[name]?.learned.optimizers
            case .rule(let rule): ParameterGroups(registry.optimizer(rule))
            }
        if let misfit = metaOptimizers?.misfit(withMetaParametersOf: optimizers) {
            throw fault("metaOptimizer", misfit)
        }
        if spec.generations > 1, let misfit = optimizers.misfit(withMetaParametersOf: optimizers) {
            throw fault("generations", "a generation teaches the next, and \(misfit)")
        }
        if let name = spec.initial, let initial = stored[name] {
            func list(_ optimizers: ParameterGroups) -> String {
                optimizers.metaParameters.map { "\($0.name) \($0.shape.sizes)" }.joined(separator: ", ")
            }
            guard initial.learned.optimizers.metaParameters == optimizers.metaParameters else {
                throw fault(
                    "initial",
                    "found \(name) with the weights \(list(initial.learned.optimizers)); allowed: a learned "
                        + "optimizer with \(list(optimizers))")
            }
        }
    }

    private func check(
        _ optimizers: ParameterGroups, part: String? = nil, of trial: TrialDescription, on problem: Problem
    ) throws {
        if let misfit = request.kinds[trial.kind].misfit(of: optimizers, part, in: trial, with: problem, registry) {
            throw fault(trial, misfit)
        }
        let bytes = MemoryNeed(Float.self, of: problem).bytes
        guard bytes <= Self.mostBytes else {
            throw fault(
                trial,
                "its parameters and data would take \(MemoryNeed.wording(bytes)) of memory; allowed: at most "
                    + "\(MemoryNeed.wording(Self.mostBytes)), which no machine has either")
        }
        guard trial.optimizer.isLearned else { return }
        let used = Set(problem.parameters.map { optimizers.group(of: $0.name) })
        for (index, group) in optimizers.groups.enumerated()
        where !group.optimizer.metaParameters.isEmpty && !used.contains(index) {
            throw fault(
                trial,
                "metaTraining.parameterGroups[\(index)] is to learn an optimizer, and its \"match\", \"\(group.pattern)\", "
                    + "matches no parameter that is left to it. The problem's parameters are "
                    + problem.parameters.map(\.name).joined(separator: ", "))
        }
    }
}
