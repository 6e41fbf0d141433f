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
        let group: TuningGroup
    }

    private struct State {
        /// The number by which each is better than others.
        var rankings: [String: Double] = [:]
        var learned: [String: LearnedOptimizer] = [:]
        var chosen: [Tuning: UpdateRuleSpec] = [:]
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
        switch trial.optimizer {
        case .learned(let spec, let generation):
            return (toLearn(spec, generation), StoredOptimizer.settings(of: trial.optimizer, stored))
        case .rule(let rule):
            return (.rule(rule), nil)
        case .tuned(let group):
            let rule = chosenRule(Tuning(problem: trial.problemLabel, optimizer: trial.optimizerLabel, group: group))
            return (.rule(rule), rule.json.canonicalText)
        case .trained(let training):
            guard let learned = state.withLock({ $0.learned[training] }) else {
                preconditionFailure("\(trial.activity) is run before its optimizer is learned")
            }
            return (.learned(learned), nil)
        case .stored(let name):
            return (.learned(found(name).learned), StoredOptimizer.settings(of: trial.optimizer, stored))
        case .several(let parts):
            return (
                .several(parts.compactMapValues { $0.storedNames.first.map { found($0).learned } }),
                StoredOptimizer.settings(of: trial.optimizer, stored)
            )
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
    private func chosenRule(_ tuning: Tuning) -> UpdateRuleSpec {
        let candidates = tuning.group.candidates
        let (rule, means, isNew) = state.withLock { state in
            let means = candidates.map { candidate in
                candidate.trials.reduce(0) { $0 + (state.rankings[$1] ?? .nan) } / Double(candidate.trials.count)
            }
            let rule = candidates[TuningGroup.chooseCandidate(meanFinalLosses: means)].rule
            return (rule, means, state.chosen.updateValue(rule, forKey: tuning) == nil)
        }
        if isNew {
            if !means.contains(where: \.isFinite) {
                report(
                    "Every candidate of \(tuning.optimizer) on \(tuning.problem) diverged. Nothing was tuned: the first, "
                        + "\(candidates[0].label), stands for them.")
            }
            writer.tuningChoices(
                experiment: experiment,
                zip(candidates, means).map { candidate, mean in
                    TuningChoice(
                        problem: tuning.problem, optimizer: tuning.optimizer,
                        candidate: candidate.rule.json.canonicalText,
                        meanFinalLoss: mean, trials: candidate.trials.count, chosen: candidate.rule == rule)
                })
        }
        return rule
    }
}
