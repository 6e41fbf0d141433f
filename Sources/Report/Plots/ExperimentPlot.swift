import JournalStore
import Nouns

/// The curves of an experiment as charts.
public struct ExperimentPlot {
    private let journal: Journal
    private let experiment: ExperimentRecord
    private let trials: [TrialRecord]
    /// What its curves are called.
    public let metrics: [Metric]

    /// - Parameter reference: `NAME`, or `NAME@HASH`.
    /// - Throws: ``JournalError`` where there is no such experiment, or it has no curves yet.
    public init(_ reference: String, in journal: Journal) throws {
        self.journal = journal
        experiment = try journal.experiment(named: reference)
        trials = try journal.trials(of: experiment.id)
        var metrics: [Metric] = []
        // All trials of a kind and an optimizer have the same ones.
        for (_, alike) in Dictionary(
            grouping: trials.filter { $0.startedAt != nil }, by: { [$0.kind.rawValue, $0.optimizer] }
        )
        .sorted(by: { $0.value[0].position < $1.value[0].position }) {
            for metric in try journal.metrics(of: alike[0].id) where !metrics.contains(metric) {
                metrics.append(metric)
            }
        }
        guard !metrics.isEmpty else {
            throw JournalError(.missing, "no trial of \(experiment.name) has recorded a curve yet")
        }
        self.metrics = metrics
    }

    /// A panel for each of the metrics, and one for the learned functions where there are such.
    ///
    /// - Parameter chosen: the metrics to show; empty for all.
    /// - Throws: ``JournalError`` where a metric is not among the experiment's.
    public func chart(_ chosen: [Metric] = []) throws -> Chart {
        if let unknown = chosen.first(where: { !metrics.contains($0) }) {
            throw JournalError(
                .missing,
                "\(experiment.name) has no curve \(unknown); it has \(metrics.map(\.rawValue).joined(separator: ", "))")
        }
        var panels = try (chosen.isEmpty ? metrics : chosen).map(panel)
        if chosen.isEmpty, let animation = try animation(), let last = animation.frames.last {
            var panel = animation.panel
            panel.series = last.series
            panels.append(panel)
        }
        return Chart(title: experiment.name, panels: panels)
    }

    private func panel(_ metric: Metric) throws -> Chart.Panel {
        var series: [Chart.Series] = []
        var bounds: [Double] = []
        var end = 1.0
        for trial in trials {
            let (steps, values) = try journal.points(trial: trial.id, metric: metric)
            guard !steps.isEmpty else { continue }
            let isDiverged = trial.results?.isDiverged ?? false || values.contains { !$0.isFinite }
            let run = Chart.Run(points: zip(steps, values).map { (Double($0), $1) }, isDiverged: isDiverged)
            end = max(end, Double(steps[steps.count - 1]))
            add(run, of: trial, to: &series)
            if let bound = trial.results?.values[Metric("\(metric)Bound")], !bounds.contains(bound) {
                bounds.append(bound)
            }
        }
        let references = bounds.map { bound in
            Chart.Series(name: "bound", runs: [Chart.Run(points: [(0, bound), (end, bound)])])
        }
        return Chart.Panel(title: metric.rawValue, series: series, references: references)
    }

    private func add(_ run: Chart.Run, of trial: TrialRecord, to series: inout [Chart.Series]) {
        let problems = Set(trials.filter { $0.kind == trial.kind }.map(\.problem))
        let name = problems.count > 1 ? "\(trial.optimizer) on \(trial.problem)" : trial.optimizer
        if let index = series.firstIndex(where: { $0.name == name }) {
            series[index].runs.append(run)
        } else {
            series.append(Chart.Series(name: name, runs: [run]))
        }
    }

    /// The learned functions over the training; nil where no trial kept any.
    public func animation() throws -> Animation? {
        var snapshots: [(trial: TrialRecord, pictures: [(step: Int, picture: FunctionPicture)])] = []
        for trial in trials {
            let pictures = try journal.snapshotSteps(of: trial.id).compactMap { step in
                FunctionPicture(try journal.snapshot(of: trial.id, step: step)).map { (step, $0) }
            }
            if !pictures.isEmpty { snapshots.append((trial, pictures)) }
        }
        guard let first = snapshots.first?.pictures.first?.picture else { return nil }
        let steps = Set(snapshots.flatMap { $0.pictures.map(\.step) }).sorted()
        let frames = steps.map { step in
            var series: [Chart.Series] = []
            for (trial, pictures) in snapshots {
                // A trial that has ended stays as it was.
                guard let shown = pictures.last(where: { $0.step <= step }) ?? pictures.first else { continue }
                add(Chart.Run(points: shown.picture.function), of: trial, to: &series)
            }
            return (label: "step \(step)", series: series)
        }
        let target = first.target.map(\.y)
        let margin = ((target.max() ?? 1) - (target.min() ?? 0)) * 0.25
        return Animation(
            title: experiment.name,
            panel: Chart.Panel(
                title: "function", horizontal: "input", showsEnds: false, series: [],
                references: first.target.isEmpty
                    ? [] : [Chart.Series(name: "target", runs: [Chart.Run(points: first.target)])],
                extent: target.isEmpty ? nil : (target.min()! - margin)...(target.max()! + margin)), frames: frames)
    }
}

/// What a snapshot shows of a function of one variable.
private struct FunctionPicture {
    let function: [(x: Double, y: Double)]
    /// What it is to be; empty where that isn't said.
    let target: [(x: Double, y: Double)]

    /// Nil of a snapshot that shows none.
    init?(_ tensors: [NamedTensor]) {
        func values(_ name: String) -> [Double]? { tensors.first { $0.name == name }?.doubles }
        guard let inputs = values("inputs"), let outputs = values("function"), inputs.count == outputs.count else {
            return nil
        }
        function = zip(inputs, outputs).map { ($0, $1) }
        target = values("target").map { zip(inputs, $0).map { ($0, $1) } } ?? []
    }
}
