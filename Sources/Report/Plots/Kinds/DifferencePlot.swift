import Analysis
import JournalStore
import Wording

extension ExperimentPlot {
    /// What each optimizer came to less what one came to on the same seed, a dot a seed.
    func differences(_ options: PlotOptions) throws -> Chart {
        let results = try results(options)
        let names = results.trials.map(\.trial).grouped(\.series).map(\.name)
        let base = try base(options, among: names)
        guard names.count > 1 else {
            throw JournalError(.missing, "\(title) has one optimizer, \(base), and nothing to hold against it")
        }
        let parts = results.byProblem()
        let panels = parts.compactMap { problem, results -> Chart.Panel? in
            let pairs = Pairs(results, base: base)
            guard !pairs.rivals.isEmpty else { return nil }
            return Chart.Panel(
                title: parts.count > 1 ? problem : "",
                horizontal: Chart.Axis("\(results.metric.metric) less that of \(base)", scale: .linear),
                vertical: Chart.Axis(categories: pairs.rivals.map(\.label).reversed()), layers: pairs.layers)
        }
        guard !panels.isEmpty else {
            throw JournalError(.missing, "no other optimizer of \(title) has run on a seed of \(base)")
        }
        let better = results.metric.higherIsBetter ? "right" : "left"
        return Chart(
            title: title,
            caption:
                "A dot a seed: \(results.metric.metric) of an optimizer less that of \(base) on that seed. \(better.capitalized) "
                + "of 0 is better than \(base). Ring and line: the mean, with its 95% interval (Student's t). Crosses at an "
                + "end: one of the two diverged.", panels: panels)
    }

    private func base(_ options: PlotOptions, among names: [String]) throws -> String {
        guard let against = options.against else { return names[0] }
        guard names.contains(against) else {
            throw JournalError(
                .missing, "\(title) has no optimizer \(against); it has \(names.joined(separator: ", "))")
        }
        return against
    }
}

/// Differences of all optimizers of one problem to one of them, by seed.
private struct Pairs {
    struct Rival {
        var name: String
        var differences: [Double]
        /// On how many seeds it alone diverged, and on how many the base alone did.
        var lost: Int
        var won: Int

        var note: String {
            "n = \(differences.count + lost + won)" + (lost + won > 0 ? ", \(lost + won) diverged" : "")
        }

        var label: String { "\(name) (\(note))" }
    }

    let base: String
    private(set) var rivals: [Rival] = []

    init(_ results: PlottedResults, base: String) {
        self.base = base
        let bySeries = results.trials.map(\.trial).grouped(\.series).map(\.name)
        func values(_ name: String) -> [Int: Double] {
            Dictionary(
                results.trials.filter { $0.trial.series == name }.map { ($0.trial.record.seed, $0.value) }
            ) { first, _ in first }
        }
        let bases = values(base)
        for name in bySeries where name != base {
            let pairs = values(name).compactMap { seed, value in bases[seed].map { (seed, value, $0) } }
                .sorted { $0.0 < $1.0 }
            guard !pairs.isEmpty else { continue }
            rivals.append(
                Rival(
                    name: name, differences: pairs.map { $0.1 - $0.2 }.filter(\.isFinite),
                    lost: pairs.count { !$0.1.isFinite && $0.2.isFinite },
                    won: pairs.count { $0.1.isFinite && !$0.2.isFinite }))
        }
    }

    var layers: [Chart.Layer] {
        let reach = max(rivals.flatMap(\.differences).map(abs).max() ?? 0, .leastNormalMagnitude) * 1.1
        let zero = Chart.Layer(
            "", .line([Chart.Point(0, -0.5), Chart.Point(0, Double(rivals.count) - 0.5)], .reference))
        return [zero]
            + rivals.enumerated().flatMap { index, rival -> [Chart.Layer] in
                // The first stands at the top.
                let height = Double(rivals.count - 1 - index)
                let note = rival.note
                // Beside one another, so that all are seen.
                func dot(_ x: Double, _ place: Int) -> Chart.Point {
                    Chart.Point(x, height - 0.12 - 0.06 * Double(place % 5))
                }
                let dots = rival.differences.enumerated().map { dot($0.element, $0.offset) }
                let ends = (0..<rival.lost).map { dot(reach, $0) } + (0..<rival.won).map { dot(-reach, $0) }
                var layers = [
                    Chart.Layer(rival.name, .points(dots, .dot), note: note),
                    Chart.Layer(rival.name, .points(ends, .cross), note: note),
                ]
                let mean = rival.differences.reduce(0) { $0 + $1 / Double(rival.differences.count) }
                if let factor = StudentDistribution.reach(count: rival.differences.count), rival.lost + rival.won == 0 {
                    let squares = rival.differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                    let n = Double(rival.differences.count)
                    let error = factor * (squares / (n - 1) / n).squareRoot()
                    let y = height + 0.16
                    layers.append(
                        Chart.Layer(
                            rival.name, .line([Chart.Point(mean - error, y), Chart.Point(mean + error, y)], .bold),
                            note: note,
                            value: mean))
                    layers.append(Chart.Layer(rival.name, .points([Chart.Point(mean, y)], .ring), note: note))
                }
                return layers
            }
    }
}
