import ExperimentSpec
import JournalStore
import MetaTraining
import Optimizers
import Problems
import Registry
import TensorEngine

/// Sees to it, before any trial starts, that learned optimizers fit the problems they are to be used on.
struct OptimizerFit {
    let request: RunRequest
    let registry: Registry
    let problems: ProblemFactory
    /// Learned optimizers of the journal, by the names that specs give them.
    let stored: [String: StoredOptimizer]

    /// What is beyond this is a slip, whatever the machine.
    private static let mostBytes = 1e15

    /// - Throws: ``JournalError`` of kind `badData` where an optimizer cannot work on a problem, or where no parameter of
    ///   the problem of a meta-training is in a group that is to be learned.
    func check(_ trials: some Sequence<TrialDescription>) throws {
        let trainings = Dictionary(uniqueKeysWithValues: request.plan.trials.map { ($0.id, $0) })
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
            let optimizers: ParameterGroups
            switch trial.optimizer {
            case .learned(let spec, _):
                optimizers = registry.optimizers(spec.optimizer)
                try check(spec, of: optimizers, on: problem)
            case .trained(let id):
                guard case .learned(let spec, _) = trainings[id]?.optimizer else { continue }
                optimizers = registry.optimizers(spec.optimizer)
            case .stored(let name):
                guard let found = stored[name] else { continue }
                optimizers = found.learned.optimizers
            case .rule(let rule): optimizers = ParameterGroups(registry.optimizer(rule))
            case .tuned(let group):
                guard let candidate = group.candidates.first else { continue }
                optimizers = ParameterGroups(registry.optimizer(candidate.rule))
            case .several(let parts):
                for (part, optimizer) in parts.sorted(by: { $0.key < $1.key }) {
                    guard case .stored(let name) = optimizer, let found = stored[name] else { continue }
                    try check(found.learned.optimizers, part: part, of: trial, on: problem)
                }
                continue
            }
            try check(optimizers, of: trial, on: problem)
        }
    }

    private func fault(_ trial: TrialDescription, _ found: String) -> JournalError {
        JournalError(.badData, "\(request.spec.name), \(trial.activity): \(found)")
    }

    /// What teaches an optimizer, and what it begins with, fit it.
    private func check(_ spec: MetaTrainingSpec, of optimizers: ParameterGroups, on problem: Problem) throws {
        func fault(_ field: String, _ found: String) -> JournalError {
            JournalError(.badData, "\(request.spec.name), metaTraining.\(field): \(found)")
        }
        if case .imitation(let imitation) = registry.estimation(spec) {
            if let obstacle = optimizers.imitationObstacle { throw fault("estimator", obstacle) }
            if let misfit = ParameterGroups(imitation.guide).misfit(with: problem) {
                throw fault("estimator.guide", misfit)
            }
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
