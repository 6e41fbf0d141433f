import ExperimentSpec
import JournalStore
import MetaTraining
import Optimizers
import Problems
import TensorEngine

/// Sees to it, before any trial starts, that groups of parameters fit the problems they are to be used on.
struct GroupCheck {
    let request: RunRequest
    let problems: ProblemFactory
    /// Learned optimizers of the journal, by the names that specs give them.
    let stored: [String: StoredOptimizer]

    /// - Throws: ``JournalError`` of kind `badData` where a parameter of a problem is in no group, or where no parameter
    ///   of the problem of a meta-training is in a group that is to be learned.
    func check(_ trials: some Sequence<TrialDescription>) throws {
        let trainings = Dictionary(uniqueKeysWithValues: request.plan.trials.map { ($0.id, $0) })
        var checked: Set<[String]> = []
        for trial in trials {
            let optimizers: ParameterGroups
            switch trial.optimizer {
            case .learned(let spec): optimizers = OptimizerFactory.learned(spec.optimizer)
            case .trained(let id):
                guard case .learned(let spec) = trainings[id]?.optimizer else { continue }
                optimizers = OptimizerFactory.learned(spec.optimizer)
            case .stored(let name):
                guard let found = stored[name] else { continue }
                optimizers = found.learned.optimizers
            case .rule, .tuned: continue
            }
            guard optimizers.groups.count > 1 || optimizers.groups[0].pattern != NamePattern("*"),
                checked.insert([trial.problemLabel, trial.optimizerLabel, trial.kind.rawValue]).inserted
            else { continue }
            try check(optimizers, on: trial)
        }
    }

    private func check(_ optimizers: ParameterGroups, on trial: TrialDescription) throws {
        let names = problems.problem(of: trial).family.problem(RandomKey(seed: trial.seed)).parameters.map(\.name)
        let groups = names.map(optimizers.group)
        func fault(_ found: String) -> JournalError {
            JournalError(
                .badData,
                "\(request.spec.name), \(trial.activity): \(found). The problem's parameters are "
                    + names.joined(separator: ", "))
        }
        if let index = groups.firstIndex(of: nil) {
            throw fault(
                "no group of metaTraining.parameterGroups matches the parameter \(names[index]); a last one whose "
                    + "\"match\" is \"*\" takes all that are left")
        }
        guard trial.kind == .metaTraining else { return }
        for (index, group) in optimizers.groups.enumerated()
        where !group.optimizer.metaParameters.isEmpty && !groups.contains(index) {
            throw fault(
                "metaTraining.parameterGroups[\(index)] is to learn an optimizer, and its \"match\", \"\(group.pattern)\", "
                    + "matches no parameter that is left to it")
        }
    }
}
