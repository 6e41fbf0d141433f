import Analysis
import JournalStore
import Nouns
import Wording

extension ExperimentPlot {
    /// A run as it is drawn.
    struct Run {
        var points: [Chart.Point]
        /// Whether it left the finite numbers, so that its last finite point is where it did.
        var isDiverged: Bool
        /// Whether it is over, so that nothing comes after its last point.
        var isOver: Bool

        /// As a part of a mean.
        fileprivate var curve: MeanCurve.Run {
            MeanCurve.Run(steps: points.map(\.x), values: points.map(\.y), staysAsItIs: isOver)
        }
    }

    /// The trials that have a curve, with it, by problem: those that are compared, or where none of these has one, the
    /// others.
    func runs(_ metric: Metric, smoothing: Int = 1) throws -> [(problem: String, trials: [(PlottedTrial, Run)])] {
        for isMain in [true, false] {
            let runs = try trials.filter { isCompared($0) == isMain }.compactMap { trial in
                try run(of: trial, metric, smoothing: smoothing).map { (trial, $0) }
            }
            guard runs.isEmpty else {
                return runs.map(\.0).grouped(\.record.problem).map { problem, _ in
                    (problem, runs.filter { $0.0.record.problem == problem })
                }
            }
        }
        return []
    }

    private func run(of trial: PlottedTrial, _ metric: Metric, smoothing: Int) throws -> Run? {
        guard trial.record.startedAt != nil else { return nil }
        let (steps, values) = try journal.points(trial: trial.record.id, metric: metric)
        guard !steps.isEmpty else { return nil }
        let isDiverged = trial.record.results?.isDiverged ?? false || values.contains { !$0.isFinite }
        let smooth = MovingMean.of(values, window: smoothing)
        return Run(
            points: zip(steps, smooth).map { Chart.Point(Double($0), $1) }, isDiverged: isDiverged,
            isOver: trial.record.results != nil)
    }

    /// A panel for each of the metrics and problems, and one for the learned functions where there are such.
    func curves(_ options: PlotOptions) throws -> Chart {
        if let unknown = options.metrics.first(where: { !metrics.contains($0) }) { throw noCurve(unknown) }
        let chosen = options.metrics.isEmpty ? metrics : options.metrics
        let parts = try chosen.flatMap { metric in
            try runs(metric, smoothing: options.smoothing).map {
                (metric: metric, problem: $0.problem, trials: $0.trials)
            }
        }
        let series = parts.map { part in part.trials.map(\.0).grouped(\.series).count }.reduce(0, +)
        let mostRuns = (240 / max(series, 1)).clamped(to: 4...40)
        let problems = Set(parts.map(\.problem))
        var panels = parts.map { part in
            let title = problems.count > 1 ? "\(part.metric) on \(part.problem)" : part.metric.rawValue
            return panel(title, part.metric, part.trials, mostRuns: mostRuns, options)
        }
        let caption = curveCaption(panels, options)
        if options.metrics.isEmpty, let functions = try functions() { panels.append(functions) }
        let isCut = parts.contains { part in
            part.trials.map(\.0).grouped(\.series).contains { $0.trials.count > mostRuns }
        }
        return Chart(
            title: title, caption: caption, panels: panels,
            legend: "Thin: single runs" + (isCut ? ", of each at most \(mostRuns)." : "."))
    }

    func noCurve(_ metric: Metric) -> JournalError {
        JournalError(
            .missing, "\(title) has no curve \(metric); it has \(metrics.map(\.rawValue).joined(separator: ", "))")
    }

    private func panel(
        _ title: String, _ metric: Metric, _ trials: [(PlottedTrial, Run)], mostRuns: Int, _ options: PlotOptions
    ) -> Chart.Panel {
        var axis = Chart.Axis(scale: options.scale)
        let starts = trials.compactMap { $0.1.points.first { $0.isFinite }?.y }.filter { $0 > 0 }
        // One that diverges leaves the others their room.
        if trials.contains(where: { $0.1.isDiverged }), let start = starts.max() { axis.ceiling = start * 10 }
        let end = trials.compactMap { $0.1.points.last?.x }.max() ?? 1
        var bounds: [(name: String, value: Double)] = options.target.map { [("target", $0)] } ?? []
        for bound in trials.compactMap({ $0.0.record.results?.values[Metric("\(metric)Bound")] })
        where !bounds.contains(where: { $0.value == bound }) {
            bounds.append(("bound", bound))
        }
        let references = bounds.map { bound in
            Chart.Layer(bound.name, .line([Chart.Point(0, bound.value), Chart.Point(end, bound.value)], .reference))
        }
        var panel = Chart.Panel(title: title, horizontal: .steps, vertical: axis, layers: references)
        let runs = Dictionary(grouping: trials, by: \.0.series).mapValues(Self.runs)
        panel.layers += runs.values.joined().map { Chart.Layer("", .line($0.points, .thin)) }
        let isLogarithmic = PanelScales(panel)?.vertical.isLogarithmic ?? false
        panel.layers = references
        for (name, _) in trials.map(\.0).grouped(\.series) {
            panel.layers += Self.layers(name, runs[name] ?? [], mostRuns: mostRuns, isLogarithmic: isLogarithmic)
        }
        return panel
    }

    /// The runs of one series; of several replicates that have many runs each, the mean curve of each, so that the
    /// interval of their mean is over what was trained.
    private static func runs(_ trials: [(PlottedTrial, Run)]) -> [Run] {
        guard let replicates = trials.byReplicate(\.0.record.replicate) else { return trials.map(\.1) }
        return replicates.map { trials in
            let whole = trials.filter { !$0.1.isDiverged }
            let mean = MeanCurve(of: (whole.isEmpty ? trials : whole).map(\.1.curve)).points
            return Run(
                points: mean.map { Chart.Point($0.step, $0.mean) }, isDiverged: trials.contains { $0.1.isDiverged },
                isOver: trials.allSatisfy(\.1.isOver))
        }
    }

    /// The runs of one series, beneath their mean and its interval. Those that diverged are none of the mean's.
    private static func layers(
        _ name: String, _ runs: [Run], mostRuns: Int, isLogarithmic: Bool
    ) -> [Chart.Layer] {
        let whole = runs.filter { !$0.isDiverged }
        let diverged = runs.filter(\.isDiverged)
        let note = [
            whole.isEmpty ? nil : "n = \(whole.count)", diverged.isEmpty ? nil : "\(diverged.count) diverged",
        ].compactMap(\.self).joined(separator: ", ")
        let thin = (diverged.prefix(mostRuns / 2) + whole.prefix(mostRuns)).prefix(mostRuns)
        var layers: [Chart.Layer] = []
        if whole.count != 1 || !diverged.isEmpty {
            layers += thin.map { Chart.Layer(name, .line($0.points, .thin), note: note) }
        }
        if whole.count == 1 {
            let last = whole[0].points.last(where: \.isFinite)?.y
            layers.append(Chart.Layer(name, .line(whole[0].points, .plain), note: note, value: last))
        } else if !whole.isEmpty {
            let mean = MeanCurve(of: whole.map(\.curve)).points
            layers.append(
                Chart.Layer(
                    name,
                    .band(
                        mean.compactMap { point in
                            (isLogarithmic ? point.positiveInterval : point.interval).map {
                                Chart.Interval(point.step, $0.lowerBound, $0.upperBound)
                            }
                        })))
            layers.append(
                Chart.Layer(
                    name, .line(mean.map { Chart.Point($0.step, $0.mean) }, .bold), note: note, value: mean.last?.mean))
        }
        let left = diverged.prefix(mostRuns).compactMap { $0.points.last(where: \.isFinite) }
        if !left.isEmpty { layers.append(Chart.Layer(name, .points(left, .cross), note: note)) }
        return layers
    }

    private func curveCaption(_ panels: [Chart.Panel], _ options: PlotOptions) -> String {
        let layers = panels.flatMap(\.layers)
        var sentences: [String] = []
        if layers.contains(where: { if case .band = $0.marks { true } else { false } }) {
            sentences.append("Bold: the mean of n runs, with its 95% interval at each step (Student's t).")
        }
        if layers.contains(where: { if case .points(_, .cross) = $0.marks { true } else { false } }) {
            sentences.append("Crosses: where runs diverged, which no mean includes.")
        }
        if trials.contains(where: { $0.record.replicate != nil && isCompared($0) }) {
            sentences.append("Of several replicates, n is how many there are, and a run the mean of one.")
        }
        if options.smoothing > 1 { sentences.append("Smoothed over \(counted(options.smoothing, "point")).") }
        return sentences.joined(separator: " ")
    }
}
