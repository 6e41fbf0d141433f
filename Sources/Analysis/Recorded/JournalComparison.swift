import JournalStore
import Nouns
import Wording

extension Comparison {
    /// Compares the optimizers of an experiment in a journal, as ``init(_:in:kinds:asking:)`` does.
    public init(
        _ reference: String, in journal: Journal, kinds: [TrialKindSummary], problem: String? = nil,
        by metric: Metric? = nil, against: [String] = []
    ) throws {
        try self.init(
            [reference], in: journal, kinds: kinds,
            asking: ComparisonRequest(problem: problem, metric: metric, against: against))
    }

    /// Compares the optimizers of experiments in a journal, over their completed trials of the kinds that are compared.
    ///
    /// Of several experiments, optimizers that would be called alike have the experiment's name in brackets; trials are
    /// paired by seed where all that decides the student and its data is the same, and otherwise tested as two samples.
    ///
    /// - Parameters:
    ///   - references: Of each experiment `NAME`, which is its newest version, or `NAME@HASH`; at least one.
    ///   - kinds: How the results of each kind of trials are told.
    /// - Throws: ``JournalError`` where the journal has no such experiment, the experiments no such problem, optimizer,
    ///   results, curves or field, or where trials of the same seed of one experiment saw different data.
    public init(
        _ references: [String], in journal: Journal, kinds: [TrialKindSummary], asking request: ComparisonRequest
    ) throws {
        let compared = kinds.filter(\.isCompared)
        let experiments = try ExperimentTrials.read(
            references, in: journal, compared: Set(compared.map(\.kind)), problem: request.problem)
        let names = experiments.map(\.label).joined(by: "and")
        let completed = experiments.map(\.completed)
        for (experiment, trials) in zip(experiments, completed) {
            guard let mixed = MixedData(in: trials) else { continue }
            let others = try journal.experiments(named: experiment.record.name).filter { $0.id != experiment.record.id }
            throw mixed.error(
                experiment: experiment.record.name,
                otherVersions: others.map { "\($0.name)@\($0.hash.prefix(12))" })
        }
        let curves = try ComparedCurves(experiments, in: journal, kinds: compared, request)
        let allCompleted = Array(completed.joined())
        let isResult = request.metric.map { metric in allCompleted.contains { $0.results?[metric] != nil } } ?? false
        let metric =
            request.metric.flatMap { isResult || !curves.has(curveOf: $0) ? $0 : nil }
            ?? Self.usualMetric(of: allCompleted, compared)
        let criteria = ComparisonCriteria(
            metric: ComparisonMetric(metric, of: kinds), against: try experiments.names(of: request.against),
            target: curves.target, field: request.field)
        let fields = try request.field.map { field in
            try RecordedField(field, of: zip(experiments, completed).map { ($0, $1) }, in: journal, names: names)
        }
        var outcomes: [ComparedTrial] = []
        outcomes.reserveCapacity(allCompleted.count)
        for (experiment, trials) in zip(experiments, completed) {
            for trial in trials {
                guard var outcome = ComparedTrial(trial, in: experiment, curve: curves[trial]) else { continue }
                if experiments.count > 1 {
                    outcome.experiment = experiment.label
                    outcome.setting = trial.pairingSetting
                }
                (outcome.isLearned, outcome.replicate) = experiment.training.origin(of: trial)
                outcome.reach = curves.reach(of: trial)
                outcome.field = fields?.value(of: trial)
                outcomes.append(outcome)
            }
        }
        try criteria.requireResults(in: outcomes, of: names)
        let tunings = try experiments.map { experiment in
            (experiment, Tunings(try journal.tuningChoices(of: experiment.record.id), experiment.preparations))
        }
        let first = experiments[0].record
        let isAlone = experiments.count == 1
        let evaluations = experiments.flatMap(\.evaluations)
        let versions = try experiments.reduce(into: [:]) { versions, experiment in
            versions.merge(try journal.programVersions(of: experiment.record.id)) { $1 }
        }
        self.init(
            experiment: isAlone ? first.name : names, version: isAlone ? String(first.hash.prefix(12)) : nil,
            question: isAlone ? first.question : nil, criteria: criteria,
            provenance: Provenance(
                of: allCompleted, preparedBy: experiments.flatMap(\.preparations), kinds: kinds, versions: versions),
            unfinishedTrials: evaluations.count { $0.results == nil && $0.status != .failed },
            failedTrials: evaluations.count { $0.status == .failed }, outcomes: outcomes
        ) { problem, optimizer, replicate in
            tunings.lazy.compactMap { experiment, tunings in
                tunings.tuning(problem: problem, optimizer: optimizer, replicate: replicate, in: experiment)
            }.first
        }
        if !isAlone {
            self.experiments = experiments.map { experiment in
                ComparedExperiment(
                    label: experiment.label, name: experiment.record.name,
                    version: String(experiment.record.hash.prefix(12)), question: experiment.record.question,
                    steps: Set(experiment.completed.map(\.steps)).sorted())
            }
        }
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
    private struct Place: Hashable {
        let problem: String
        let optimizer: String
        let replicate: Int?
    }

    private let choices: [Place: [TuningChoice]]
    /// How many trials of a candidate diverged.
    private let diverged: [Place: [String: Int]]

    init(_ choices: [TuningChoice], _ trials: [TrialRecord]) {
        self.choices = Dictionary(grouping: choices) {
            Place(problem: $0.problem, optimizer: $0.optimizer, replicate: $0.replicate)
        }
        diverged = trials.reduce(into: [:]) { diverged, trial in
            guard trial.results?.finalLoss.isFinite == false else { return }
            let place = Place(problem: trial.problem, optimizer: trial.optimizer, replicate: trial.replicate)
            diverged[place, default: [:]][trial.optimizerSettings, default: 0] += 1
        }
    }

    /// What was tuned, by the names that the comparison has; nil where nothing was.
    func tuning(
        problem: String, optimizer: String, replicate: Int?, in experiment: ExperimentTrials
    ) -> OptimizerTuning? {
        func original(_ name: String, _ names: [String: String]) -> String? {
            names.first { $0.value == name }?.key ?? (names[name] == nil ? name : nil)
        }
        guard let problem = original(problem, experiment.problemNames),
            let optimizer = original(optimizer, experiment.optimizerNames)
        else { return nil }
        let place = Place(problem: problem, optimizer: optimizer, replicate: replicate)
        return OptimizerTuning(choices[place] ?? []) { diverged[place]?[$0] ?? 0 }
    }
}

extension ComparedTrial {
    /// What a trial in the journal came to; nil where it is not completed.
    fileprivate init?(_ trial: TrialRecord, in experiment: ExperimentTrials, curve: [Double]) {
        guard let results = trial.results else { return nil }
        self.init(
            problem: experiment.problem(of: trial), optimizer: experiment.optimizer(of: trial), seed: trial.seed,
            precision: LossPrecision(rawValue: trial.precision) ?? .single,
            values: results.values.filter { $0.key != .bestLoss || !$0.value.isNaN }, isDiverged: results.isDiverged,
            curve: curve,
            architecture: trial.architecture.flatMap(StudentArchitecture.init(recorded:)), standsFor: trial.standsFor)
    }
}

extension TrialRecord {
    /// All that has to be equal for trials of two experiments with one seed to be a pair, as JSON.
    fileprivate var pairingSetting: String {
        let checksum = dataset.map { $0.checksum.quotedAsJSON } ?? "null"
        return #"{"data":\#(checksum),"precision":\#(precision.quotedAsJSON),"problem":\#(problemSettings)}"#
    }
}

extension [ExperimentTrials] {
    /// The optimizers that are meant, as the comparison calls them; one that several experiments have is meant in each.
    ///
    /// - Throws: ``JournalError`` where there is none of that name.
    fileprivate func names(of against: [String]) throws -> [String] {
        guard !against.isEmpty else { return [] }
        let known = flatMap { experiment in experiment.evaluations.map(experiment.optimizer).uniqued() }.uniqued()
        return try against.flatMap { name in
            let meant = known.contains(name) ? [name] : compactMap { $0.optimizerNames[name] }
            guard !meant.isEmpty else {
                let names = map(\.label)
                throw JournalError(
                    .missing,
                    "\(names.joined(by: "and")) \(names.count == 1 ? "has" : "have") no optimizer \(name); "
                        + "\(names.count == 1 ? "its" : "their") optimizers are \(known.listed)")
            }
            return meant
        }
    }
}

extension ComparisonCriteria {
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
