import Analysis
import JournalStore
import Nouns

/// What an experiment's trials recorded, or those of several experiments, as charts.
public struct ExperimentPlot {
    let journal: Journal
    let trials: [PlottedTrial]
    /// What its curves are called.
    public let metrics: [Metric]
    /// What the experiments are called, with their versions where two have one name.
    public let title: String
    let kinds: [TrialKindSummary]

    /// - Parameters:
    ///   - references: each `NAME`, or `NAME@HASH`.
    ///   - kinds: how the results of each kind of trials are told.
    ///   - problem: the one problem whose trials are drawn; nil for all.
    /// - Throws: ``JournalError`` where there is no such experiment or problem, or no trial has a curve yet.
    public init(
        _ references: [String], in journal: Journal, kinds: [TrialKindSummary] = [], problem: String? = nil
    ) throws {
        let experiments = try references.map(journal.experiment(named:)).reduce(into: [ExperimentRecord]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let names = experiments.map { experiment in
            experiments.count { $0.name == experiment.name } > 1
                ? "\(experiment.name)@\(experiment.hash.prefix(8))" : experiment.name
        }
        let records = try experiments.map { try journal.trials(of: $0.id) }
        var trials = PlottedTrial.named(records, names)
        if let problem {
            let known = trials.map(\.record.problem).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            guard known.contains(problem) else {
                throw JournalError(
                    .missing,
                    "\(names.joined(separator: ", ")) has no problem \(problem); its problems are "
                        + known.joined(separator: ", "))
            }
            trials.removeAll { $0.record.problem != problem }
        }
        self.journal = journal
        self.trials = trials
        self.kinds = kinds
        title = names.joined(separator: ", ")
        metrics = try Self.metrics(of: trials, in: journal)
        guard !metrics.isEmpty else {
            throw JournalError(.missing, "no trial of \(title) has recorded a curve yet")
        }
    }

    public init(_ reference: String, in journal: Journal, kinds: [TrialKindSummary] = []) throws {
        try self.init([reference], in: journal, kinds: kinds)
    }

    /// - Throws: ``JournalError`` where the experiments have nothing of that kind or name; its message says what to do.
    public func chart(_ kind: PlotKind = .curves, _ options: PlotOptions = PlotOptions()) throws -> Chart {
        switch kind {
        case .curves: try curves(options)
        case .trajectories: try trajectories()
        case .stepsToTarget: try stepsToTarget(options)
        case .profile: try profile(options)
        case .histogram: try histogram(options)
        case .architectures: try architectures(options)
        case .differences: try differences(options)
        case .sweep: try sweep(options)
        }
    }

    private static func metrics(of trials: [PlottedTrial], in journal: Journal) throws -> [Metric] {
        var metrics: [Metric] = []
        // All trials of a kind and an optimizer have the same ones.
        let alike = Dictionary(grouping: trials.filter { $0.record.startedAt != nil }) {
            [$0.record.kind.rawValue, $0.record.optimizer, String($0.record.experiment)]
        }
        for (_, alike) in alike.sorted(by: { $0.value[0].order < $1.value[0].order }) {
            for metric in try journal.metrics(of: alike[0].record.id) where !metrics.contains(metric) {
                metrics.append(metric)
            }
        }
        return metrics
    }

    /// Whether trials of that kind are what the experiment is about; those of others prepare for them.
    func isCompared(_ trial: PlottedTrial) -> Bool {
        kinds.contains { $0.isCompared && $0.kind == trial.record.kind }
    }
}

/// A trial, and what it is called in a chart.
struct PlottedTrial {
    let record: TrialRecord
    /// The optimizer, with the experiment where the same is in several.
    let series: String
    /// Its place among all that are drawn.
    let order: Int

    /// - Parameter names: of the experiments, as many as there are `experiments`.
    static func named(_ experiments: [[TrialRecord]], _ names: [String]) -> [PlottedTrial] {
        let uses = Dictionary(
            experiments.enumerated().flatMap { index, trials in
                Set(trials.map(\.optimizer)).map { ($0, [index]) }
            }, uniquingKeysWith: +)
        var trials: [PlottedTrial] = []
        for (records, name) in zip(experiments, names) {
            for record in records {
                let isShared = (uses[record.optimizer]?.count ?? 0) > 1
                let series = isShared ? "\(record.optimizer), \(name)" : record.optimizer
                trials.append(PlottedTrial(record: record, series: series, order: trials.count))
            }
        }
        return trials
    }
}

extension Sequence<PlottedTrial> {
    /// In the order in which they come first.
    func grouped(_ name: (PlottedTrial) -> String) -> [(name: String, trials: [PlottedTrial])] {
        var groups: [(name: String, trials: [PlottedTrial])] = []
        var places: [String: Int] = [:]
        for trial in self {
            if let place = places[name(trial)] {
                groups[place].trials.append(trial)
            } else {
                places[name(trial)] = groups.count
                groups.append((name(trial), [trial]))
            }
        }
        return groups
    }
}
