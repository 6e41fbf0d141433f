import ExperimentSpec
import JournalStore
import Locking
import Nouns
import Registry
import TrialKinds

/// What completed trials have that others need: the numbers that rank them, learned optimizers, and what tuning chose by them.
final class TrialOutcomes: Sendable {
    /// One optimizer tuned on one problem.
    private struct Tuning: Hashable {
        let problem: String
        let optimizer: String
        /// Of several that were trained, which.
        let replicate: Int?
        let group: TuningGroup
    }

    private struct State {
        /// The number by which each is better than others.
        var rankings: [String: Double] = [:]
        var learned: [String: LearnedOptimizer] = [:]
        var chosen: [Tuning: Int] = [:]
        var contents: TrialContents
    }

    private let kinds: TrialKinds
    private let registry: Registry
    private let stored: [String: StoredOptimizer]
    private let experiment: Int64
    private let writer: JournalWriter
    private let report: @Sendable (String) -> Void
    private let state: Locked<State>

    /// - Parameters:
    ///   - stored: the learned optimizers of other experiments, by the names that the spec has for them.
    ///   - contents: what decides the results of all the plan's trials.
    ///   - report: receives messages for the person who waits.
    init(
        _ kinds: TrialKinds, registry: Registry, stored: [String: StoredOptimizer], contents: TrialContents,
        experiment: Int64,
        writer: JournalWriter,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.kinds = kinds
        self.registry = registry
        self.stored = stored
        self.experiment = experiment
        self.writer = writer
        self.report = report
        state = Locked(State(contents: contents))
    }

    func keep(_ trial: TrialDescription, _ values: [Metric: Double], learned: LearnedOptimizerRecord?) throws {
        let ranking = kinds[trial.kind].summary.ranking
        let learned = try learned.map { try LearnedOptimizer($0, registry) }
        state.withLock { state in
            state.rankings[trial.id] = values[ranking]
            state.learned[trial.id] = learned
        }
    }

    /// Keeps what the journal has of a trial that was completed elsewhere, or before.
    func keep(_ trial: TrialDescription, _ record: TrialRecord, in journal: Journal) throws {
        let learned = trial.optimizer.isLearned ? try journal.learnedOptimizer(trainedBy: record.id) : nil
        try keep(trial, record.results?.values ?? [:], learned: learned)
        state.withLock { $0.contents.keep(record.content, of: trial.id) }
    }

    /// The hash of what decides the results of a trial whose dependencies are completed; nil where not all is known.
    func content(of trial: TrialDescription) -> String? { state.withLock { $0.contents.hash(of: trial) } }

    /// The optimizer of a trial whose dependencies are completed, and its settings where they became known only now.
    func optimizer(of trial: TrialDescription) -> (ResolvedOptimizer, settings: String?) {
        guard case .tuned(let group) = trial.optimizer else {
            return (resolved(trial.optimizer, of: trial), StoredOptimizer.settings(of: trial.optimizer, stored))
        }
        let chosen = chosenCandidate(
            Tuning(
                problem: trial.problemLabel, optimizer: trial.optimizerLabel, replicate: trial.replicate, group: group))
        let settings = StoredOptimizer.settings(of: chosen.optimizer, stored) ?? chosen.json.canonicalText
        return (resolved(chosen.optimizer, of: trial), settings)
    }

    private func resolved(_ optimizer: TrialOptimizer, of trial: TrialDescription) -> ResolvedOptimizer {
        switch optimizer {
        case .learned(let spec, let generation): return toLearn(spec, generation)
        case .rule(let rule): return .rule(rule)
        case .tuned: preconditionFailure("a candidate is not tuned itself")
        case .trained(let training):
            guard let learned = state.withLock({ $0.learned[training] }) else {
                preconditionFailure("\(trial.activity) is run before its optimizer is learned")
            }
            return .learned(learned)
        case .stored(let name): return .learned(found(name).learned)
        case .adjusted(let learned, let settings):
            guard case .learned(let learned) = resolved(learned, of: trial) else {
                preconditionFailure("only a learned optimizer is adjusted")
            }
            return .learned(learned.adjusted(by: settings, registry))
        case .several(let parts):
            return .several(parts.compactMapValues { $0.storedNames.first.map { found($0).learned } })
        }
    }

    /// A meta-training with what teaches it and what it begins with.
    private func toLearn(_ spec: MetaTrainingSpec, _ generation: Generation) -> ResolvedOptimizer {
        let earlier = generation.teacher.flatMap { trial in state.withLock { $0.learned[trial] } }
        let teacher = earlier ?? spec.metaOptimizer.storedName.map(found).map(\.learned)
        return .toLearn(Learning(spec: spec, teacher: teacher, initial: spec.initial.map(found).map(\.learned)))
    }

    private func found(_ name: String) -> StoredOptimizer {
        guard let stored = stored[name] else { preconditionFailure("\(name) was not looked up before the trials") }
        return stored
    }

    /// The best candidate; the first who asks also records the choice.
    private func chosenCandidate(_ tuning: Tuning) -> TuningGroup.Candidate {
        let candidates = tuning.group.candidates
        let (chosen, means, isNew) = state.withLock { state in
            let means = candidates.map { $0.meanFinalLoss { state.rankings[$0] } ?? .nan }
            let chosen = TuningGroup.chooseCandidate(meanFinalLosses: means)
            return (chosen, means, state.chosen.updateValue(chosen, forKey: tuning) == nil)
        }
        if isNew {
            if !means.contains(where: \.isFinite) {
                report(
                    "Every candidate of \(tuning.optimizer) on \(tuning.problem) diverged. Nothing was tuned: the first, "
                        + "\(candidates[0].label), stands for them.")
            }
            writer.tuningChoices(
                experiment: experiment,
                zip(candidates, means).enumerated().map { index, tried in
                    TuningChoice(
                        problem: tuning.problem, optimizer: tuning.optimizer, replicate: tuning.replicate,
                        candidate: tried.0.json.canonicalText, meanFinalLoss: tried.1, trials: tried.0.trials.count,
                        chosen: index == chosen)
                })
        }
        return candidates[chosen]
    }
}
