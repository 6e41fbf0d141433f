import JournalStore
import Nouns

/// What snapshots show: functions that were learned, and ways through two parameters.
extension ExperimentPlot {
    /// The learned functions at the end of the training; nil where no trial kept any.
    func functions() throws -> Chart.Panel? {
        guard let animation = try animation(), let last = animation.frames.last else { return nil }
        var panel = animation.panel
        panel.layers += last.layers
        return panel
    }

    /// The learned functions over the training; nil where no trial kept any.
    public func animation() throws -> Animation? {
        var snapshots: [(trial: PlottedTrial, pictures: [(step: Int, picture: FunctionPicture)])] = []
        for trial in trials {
            let pictures = try journal.snapshotSteps(of: trial.record.id).compactMap { step in
                FunctionPicture(try journal.snapshot(of: trial.record.id, step: step)).map { (step, $0) }
            }
            if !pictures.isEmpty { snapshots.append((trial, pictures)) }
        }
        guard let first = snapshots.first?.pictures.first?.picture else { return nil }
        let steps = Set(snapshots.flatMap { $0.pictures.map(\.step) }).sorted()
        let frames = steps.map { step in
            let layers = snapshots.compactMap { trial, pictures in
                // A trial that has ended stays as it was.
                (pictures.last { $0.step <= step } ?? pictures.first).map {
                    Chart.Layer(trial.series, .line($0.picture.function, .plain))
                }
            }
            return (label: "step \(step)", layers: layers)
        }
        var extent: ClosedRange<Double>?
        if let low = first.target.map(\.y).min(), let high = first.target.map(\.y).max() {
            let margin = (high - low) * 0.25
            extent = (low - margin)...(high + margin)
        }
        let target = Chart.Layer("target", .line(first.target, .reference))
        return Animation(
            title: title,
            panel: Chart.Panel(
                title: "function", horizontal: Chart.Axis("input", scale: .linear, isTight: true),
                vertical: Chart.Axis(extent: extent), layers: first.target.isEmpty ? [] : [target]), frames: frames)
    }

    /// Where optimizations of two parameters went, a panel a problem, and the learned functions.
    func trajectories() throws -> Chart {
        var ways: [(trial: PlottedTrial, points: [Chart.Point])] = []
        for trial in trials {
            let steps = try journal.snapshotSteps(of: trial.record.id)
            guard let first = steps.first, try place(of: trial, at: first) != nil else { continue }
            ways.append((trial, try steps.compactMap { try place(of: trial, at: $0) }))
        }
        var panels = ways.map(\.trial).grouped(\.record.problem).map { problem, _ in
            let these = ways.filter { $0.trial.record.problem == problem }
            let names = these.map(\.trial).grouped(\.series)
            // One that diverges leaves the others their room.
            let whole = these.filter { $0.trial.record.results?.isDiverged != true }
            let shown = (whole.isEmpty ? these : whole).flatMap(\.points)
            return Chart.Panel(
                title: problem,
                horizontal: Chart.Axis("first parameter", scale: .linear, extent: Self.extent(shown.map(\.x))),
                vertical: Chart.Axis("second parameter", scale: .linear, extent: Self.extent(shown.map(\.y))),
                layers: names.flatMap { name, trials in
                    Self.way(name, these.filter { $0.trial.series == name }.map { ($0.points, $0.trial.record) })
                })
        }
        let hasWays = !panels.isEmpty
        if let functions = try functions() { panels.append(functions) }
        guard !panels.isEmpty else {
            throw JournalError(
                .missing,
                "no trial of \(title) kept what a trajectory could show: give the spec \"snapshotEvery\", and a problem "
                    + "of two parameters, or selfTuning of a function")
        }
        let caption = hasWays ? "Rings: where a run began; dots: where it ended; crosses: where it diverged." : ""
        return Chart(title: title, caption: caption, panels: panels)
    }

    /// All that is finite, with a margin; nil where nothing is.
    private static func extent(_ values: [Double]) -> ClosedRange<Double>? {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), low < high else { return nil }
        let margin = (high - low) * 0.05
        return margin.isFinite ? (low - margin)...(high + margin) : nil
    }

    /// Two parameters at a step; nil where there are more, or fewer.
    private func place(of trial: PlottedTrial, at step: Int) throws -> Chart.Point? {
        let numbers = try journal.snapshot(of: trial.record.id, step: step).flatMap(\.doubles)
        return numbers.count == 2 ? Chart.Point(numbers[0], numbers[1]) : nil
    }

    private static func way(_ name: String, _ runs: [(points: [Chart.Point], record: TrialRecord)]) -> [Chart.Layer] {
        let weight: Chart.Weight = runs.count > 12 ? .thin : .plain
        let note = "n = \(runs.count)"
        let ends = runs.compactMap { run in
            run.points.last(where: \.isFinite).map { (place: $0, isDiverged: run.record.results?.isDiverged ?? false) }
        }
        return runs.map { Chart.Layer(name, .line($0.points, weight), note: note) } + [
            Chart.Layer(name, .points(runs.compactMap { $0.points.first(where: \.isFinite) }, .ring), note: note),
            Chart.Layer(name, .points(ends.filter { !$0.isDiverged }.map(\.place), .dot), note: note),
            Chart.Layer(name, .points(ends.filter(\.isDiverged).map(\.place), .cross), note: note),
        ]
    }
}

/// What a snapshot shows of a function of one variable.
private struct FunctionPicture {
    let function: [Chart.Point]
    /// What it is to be; empty where that isn't said.
    let target: [Chart.Point]

    /// Nil of a snapshot that shows none.
    init?(_ tensors: [NamedTensor]) {
        func values(_ name: String) -> [Double]? { tensors.first { $0.name == name }?.doubles }
        guard let inputs = values("inputs"), let outputs = values("function"), inputs.count == outputs.count else {
            return nil
        }
        function = zip(inputs, outputs).map(Chart.Point.init)
        target = values("target").map { zip(inputs, $0).map(Chart.Point.init) } ?? []
    }
}
