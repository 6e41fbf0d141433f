import Analysis
import JournalStore
import Nouns
import Wording

/// Completed trials by what they came to.
struct PlottedResults {
    let metric: ComparisonMetric
    /// The trials that have such a result, with it; of one that diverged it is not finite.
    let trials: [(trial: PlottedTrial, value: Double)]

    /// Those of one problem after the other.
    func byProblem() -> [(problem: String, results: PlottedResults)] {
        trials.map(\.trial).grouped(\.record.problem).map { problem, _ in
            (problem, PlottedResults(metric: metric, trials: trials.filter { $0.trial.record.problem == problem }))
        }
    }

    /// Those of one series after the other.
    func bySeries() -> [(name: String, values: [Double])] {
        trials.map(\.trial).grouped(\.series).map { name, _ in
            (name, trials.filter { $0.trial.series == name }.map(\.value))
        }
    }

    /// How many there are, and how many of them diverged.
    static func note(_ values: [Double]) -> String {
        let diverged = values.count { !$0.isFinite }
        return "n = \(values.count)" + (diverged > 0 ? ", \(diverged) diverged" : "")
    }
}

extension ExperimentPlot {
    /// The results by a metric: what was asked for, or the final loss, or what ranks the trials.
    ///
    /// - Throws: ``JournalError`` where no completed trial has it.
    func results(_ options: PlotOptions) throws -> PlottedResults {
        let completed = trials.filter { $0.record.results != nil }
        let compared = completed.filter(isCompared)
        let used = compared.isEmpty ? completed : compared
        guard let first = used.first else {
            throw JournalError(.missing, "no trial of \(title) is completed yet")
        }
        let ranking = kinds.first { $0.kind == first.record.kind }?.ranking ?? .finalLoss
        let hasFinalLoss = used.contains { $0.record.results?.values[.finalLoss] != nil }
        let metric = options.metrics.first ?? (hasFinalLoss ? .finalLoss : ranking)
        let comparison = ComparisonMetric(metric, of: kinds)
        let values = used.compactMap { trial -> (PlottedTrial, Double)? in
            guard let results = trial.record.results, let value = results.values[metric] else { return nil }
            return (trial, results.isDiverged && !comparison.higherIsBetter ? .nan : value)
        }
        guard !values.isEmpty else {
            let known = Set(used.flatMap { $0.record.results?.values.keys.map(\.rawValue) ?? [] }).sorted()
            throw JournalError(
                .missing, "no trial of \(title) has the result \(metric); there are \(known.joined(separator: ", "))")
        }
        return PlottedResults(metric: comparison, trials: values)
    }

    /// A panel's title, which names the problem where there are several.
    static func title(_ metric: Metric, _ problem: String, of count: Int) -> String {
        count > 1 ? "\(metric) on \(problem)" : metric.rawValue
    }

    /// The share of runs whose result is at least as good as a value (Agarwal et al. 2021).
    func profile(_ options: PlotOptions) throws -> Chart {
        let results = try results(options)
        let higher = results.metric.higherIsBetter
        let parts = results.byProblem()
        let panels = parts.map { problem, results in
            let finite = results.trials.map(\.value).filter(\.isFinite).sorted()
            let isLogarithmic = AxisScale(showing: finite, scale: options.scale)?.isLogarithmic ?? false
            let layers = results.bySeries().flatMap { name, values in
                let staircase = Staircase(
                    values.filter(\.isFinite).map { higher ? -$0 : $0 }, of: values.count,
                    from: (higher ? finite.last.map { -$0 } : finite.first) ?? 0,
                    to: (higher ? finite.first.map { -$0 } : finite.last) ?? 0)
                return staircase.layers(name, note: PlottedResults.note(values), mirrored: higher)
            }
            return Chart.Panel(
                title: Self.title(results.metric.metric, problem, of: parts.count),
                horizontal: Chart.Axis(
                    "\(results.metric.metric) τ", scale: isLogarithmic ? .logarithmic : .linear, isTight: true),
                vertical: Chart.Axis("share of runs", extent: 0...1), layers: layers)
        }
        let relation = higher ? "at least" : "at most"
        let hasReplicates = results.trials.contains { $0.trial.record.replicate != nil }
        let dependence = hasReplicates ? ", which takes runs of one replicate for independent" : ""
        return Chart(
            title: title,
            caption:
                "The share of runs whose \(results.metric.metric) is \(relation) τ, with its 95% interval (Wilson\(dependence)); "
                + "runs that diverged count as never. (Agarwal et al. 2021)", panels: panels)
    }

    /// The share of runs whose curve has come to the target, step by step.
    func stepsToTarget(_ options: PlotOptions) throws -> Chart {
        let curve = kinds.first { kind in trials.contains { isCompared($0) && $0.record.kind == kind.kind } }?.curve
        let metric = options.metrics.first ?? curve ?? metrics[0]
        guard metrics.contains(metric) else { throw noCurve(metric) }
        let higher = ComparisonMetric(metric, of: kinds).higherIsBetter
        let parts = try runs(metric, smoothing: options.smoothing).map { part in
            (problem: part.problem, trials: part.trials.filter { $0.1.isOver || $0.1.isDiverged })
        }
        guard let target = options.target else {
            let ends = parts.flatMap(\.trials).compactMap { $0.1.points.last(where: \.isFinite)?.y }
            let range =
                ends.isEmpty
                ? ""
                : "; the curves end between \(NumberText.significant(ends.min() ?? 0)) and "
                    + "\(NumberText.significant(ends.max() ?? 0))"
            throw JournalError(.usage, "steps-to-target needs the \(metric) that is sought: --target\(range)")
        }
        let panels = parts.map { part in
            let end = part.trials.compactMap { $0.1.points.last?.x }.max() ?? 1
            let layers = part.trials.map(\.0).grouped(\.series).flatMap { name, _ in
                let runs = part.trials.filter { $0.0.series == name }.map(\.1)
                let steps = runs.compactMap { run in
                    run.points.first { $0.y.isFinite && (higher ? $0.y >= target : $0.y <= target) }?.x
                }
                return Staircase(steps, of: runs.count, from: 0, to: end)
                    .layers(name, note: "\(steps.count) of \(runs.count)", mirrored: false)
            }
            return Chart.Panel(
                title: parts.count > 1 ? part.problem : "", horizontal: .steps,
                vertical: Chart.Axis("share of runs", extent: 0...1), layers: layers)
        }
        let smoothed = options.smoothing > 1 ? " Smoothed over \(counted(options.smoothing, "point"))." : ""
        return Chart(
            title: title,
            caption: "The share of runs whose \(metric) has come to \(NumberText.tick(target)) "
                + "\(higher ? "or more" : "or less"), with its 95% interval (Wilson).\(smoothed)", panels: panels)
    }

    /// Results over the size of the students that the trials drew.
    func architectures(_ options: PlotOptions) throws -> Chart {
        let results = try results(options)
        let parts = results.byProblem()
        let panels = parts.compactMap { problem, results -> Chart.Panel? in
            let sized = results.trials.compactMap { trial, value in
                trial.record.architecture.flatMap(StudentArchitecture.init(recorded:)).map { architecture in
                    (trial: trial, size: Double(options.property.value(of: architecture)), value: value)
                }
            }
            guard !sized.isEmpty else { return nil }
            let top = sized.map(\.value).filter(\.isFinite).max() ?? 1
            let layers = sized.map(\.trial).grouped(\.series).flatMap { name, _ in
                let these = sized.filter { $0.trial.series == name }
                let note = PlottedResults.note(these.map(\.value))
                return [
                    Chart.Layer(name, .points(these.map { Chart.Point($0.size, $0.value) }, .dot), note: note),
                    Chart.Layer(
                        name, .points(these.filter { !$0.value.isFinite }.map { Chart.Point($0.size, top) }, .cross),
                        note: note),
                ]
            }
            return Chart.Panel(
                title: Self.title(results.metric.metric, problem, of: parts.count),
                horizontal: Chart.Axis(
                    options.property == .depth ? "hidden layers" : "weights",
                    scale: options.property == .depth ? .linear : .automatic),
                vertical: Chart.Axis(scale: options.scale), layers: layers)
        }
        guard !panels.isEmpty else {
            throw JournalError(.missing, "no completed trial of \(title) has recorded its network")
        }
        return Chart(title: title, caption: "A dot a trial; crosses: trials that diverged.", panels: panels)
    }
}
