import JournalStore
import Nouns

extension Comparison {
    /// Compares the optimizers of an experiment in a journal, over its completed trials of the kinds that are compared.
    ///
    /// - Parameters:
    ///   - reference: `NAME`, which is its newest version, or `NAME@HASH`.
    ///   - kinds: How the results of each kind of trials are told.
    ///   - problem: The one problem to compare on; nil for all.
    ///   - metric: What to compare by; nil for the final loss or, of trials that have none, what ranks their kind.
    ///   - against: The optimizers against which all others are tested; empty for every pair.
    /// - Throws: ``JournalError`` where the journal has no such experiment, the experiment no such problem, optimizer
    ///   or results, or where trials of the same seed saw different data.
    public init(
        _ reference: String, in journal: Journal, kinds: [TrialKindSummary], problem: String? = nil,
        by metric: Metric? = nil, against: [String] = []
    ) throws {
        let compared = kinds.filter(\.isCompared)
        func isCompared(_ trial: TrialRecord) -> Bool { compared.contains { $0.kind == trial.kind } }
        let experiment = try journal.experiment(named: reference)
        var trials = try journal.trials(of: experiment.id)
        if let problem {
            let known = trials.filter(isCompared).map(\.problem).uniqued()
            guard known.contains(problem) else {
                throw JournalError(
                    .missing, "\(experiment.name) has no problem \(problem); its problems are \(known.listed)")
            }
            trials.removeAll { $0.problem != problem }
        }
        let evaluations = trials.filter(isCompared)
        let completed = evaluations.filter { $0.results != nil }
        let criteria = ComparisonCriteria(
            metric: ComparisonMetric(metric ?? Self.usualMetric(of: completed, compared), of: kinds), against: against)
        if let mixed = MixedData(in: completed) {
            let others = try journal.experiments(named: experiment.name).filter { $0.id != experiment.id }
            throw mixed.error(
                experiment: experiment.name, otherVersions: others.map { "\($0.name)@\($0.hash.prefix(12))" })
        }
        try criteria.requireOptimizers(among: evaluations.map(\.optimizer).uniqued(), of: experiment.name)
        let curves = try compared.reduce(into: [:]) { curves, kind in
            curves.merge(try journal.curves(of: experiment.id, kind: kind.kind, metric: kind.curve)) { $1 }
        }
        let outcomes = completed.compactMap { ComparedTrial($0, curve: curves[$0.id] ?? []) }
        try criteria.requireResults(in: outcomes, of: experiment.name)
        let preparations = trials.filter { !isCompared($0) && $0.results != nil }
        let tunings = Tunings(choices: try journal.tuningChoices(of: experiment.id), trials: preparations)
        self.init(
            experiment: experiment.name, version: String(experiment.hash.prefix(12)), question: experiment.question,
            criteria: criteria,
            provenance: Provenance(
                of: completed, preparedBy: preparations, kinds: kinds,
                versions: try journal.programVersions(of: experiment.id)),
            unfinishedTrials: evaluations.count { $0.results == nil && $0.status != .failed },
            failedTrials: evaluations.count { $0.status == .failed }, outcomes: outcomes, tuning: tunings.tuning)
    }

    /// The final loss, or what ranks the trials where none has one.
    private static func usualMetric(of trials: [TrialRecord], _ kinds: [TrialKindSummary]) -> Metric {
        let ranked = trials.first { $0.results?.values[.finalLoss] == nil }
        let hasFinalLoss = trials.contains { $0.results?.values[.finalLoss] != nil }
        guard !hasFinalLoss, let ranked else { return .finalLoss }
        return kinds.first { $0.kind == ranked.kind }?.ranking ?? .finalLoss
    }
}

/// All that was tuned in an experiment.
private struct Tunings {
    let choices: [TuningChoice]
    /// The completed trials that prepared for those that are compared.
    let trials: [TrialRecord]

    func tuning(problem: String, optimizer: String) -> OptimizerTuning? {
        OptimizerTuning(choices.filter { $0.problem == problem && $0.optimizer == optimizer }) { candidate in
            trials.count { trial in
                trial.problem == problem && trial.optimizer == optimizer && trial.optimizerSettings == candidate
                    && trial.results?.finalLoss.isFinite == false
            }
        }
    }
}

extension ComparedTrial {
    /// What a trial in the journal came to; nil where it is not completed.
    fileprivate init?(_ trial: TrialRecord, curve: [Double]) {
        guard let results = trial.results else { return nil }
        self.init(
            problem: trial.problem, optimizer: trial.optimizer, seed: trial.seed,
            precision: LossPrecision(rawValue: trial.precision) ?? .single,
            values: results.values.filter { $0.key != .bestLoss || !$0.value.isNaN }, isDiverged: results.isDiverged,
            curve: curve,
            architecture: trial.architecture.flatMap(StudentArchitecture.init(recorded:)), standsFor: trial.standsFor)
    }
}

extension ComparisonCriteria {
    /// Sees to it that there is something to test against.
    fileprivate func requireOptimizers(among known: [String], of experiment: String) throws {
        guard let unknown = against.first(where: { !known.contains($0) }) else { return }
        throw JournalError(
            .missing, "\(experiment) has no optimizer \(unknown); its optimizers are \(known.listed)")
    }

    /// Sees to it that there is something to compare by, once a trial has finished.
    fileprivate func requireResults(in outcomes: [ComparedTrial], of experiment: String) throws {
        guard !outcomes.isEmpty, !outcomes.contains(where: { $0.records(metric) }) else { return }
        let common = ComparisonMetric.common.map(\.metric)
        let recorded = Set(outcomes.flatMap(\.values.keys))
        let others = recorded.subtracting(common).map(\.rawValue).sorted()
        throw JournalError(
            .usage,
            "no trial of \(experiment) has \(metric.name); its trials have "
                + (common.filter(recorded.contains).map(\.rawValue) + others).listed)
    }
}

extension DatasetRecord {
    /// The dataset, where it came from, and what there is to know of it.
    public var inWords: String {
        "\(name), \(origin)" + (note.map { " (\($0))" } ?? "")
    }
}

extension [String] {
    fileprivate var listed: String { isEmpty ? "none" : joined(separator: ", ") }
}

extension Sequence where Element: Hashable {
    /// The elements without those that came before.
    public func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
