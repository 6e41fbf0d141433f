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
        let hasReplicates = results.trials.contains { $0.trial.record.replicate != nil }
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
                + "of 0 is better than \(base). Ring and line: the mean, with its 95% interval (Student's t"
                + (hasReplicates ? ", of several replicates by a two-way random-effects analysis" : "")
                + "). Crosses at an end: one of the two diverged.", panels: panels)
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
        /// Those of each replicate, by seed; one row where there are none.
        var rows: [[Int: Double]]
        var differences: [Double]
        /// On how many seeds it alone diverged, and on how many the base alone did.
        var lost: Int
        var won: Int

        var note: String {
            "n = \(differences.count + lost + won)" + (lost + won > 0 ? ", \(lost + won) diverged" : "")
        }

        var label: String { "\(name) (\(note))" }

        /// The mean, and how far its 95% interval reaches; nil of fewer than two differences.
        var interval: (mean: Double, reach: Double)? {
            guard rows.count == 1 else {
                let seeds = rows.dropFirst().reduce(Set(rows[0].keys)) { $0.intersection($1.keys) }.sorted()
                guard !seeds.isEmpty else { return nil }
                let analysis = TwoWayRandomEffects(rows.map { row in seeds.compactMap { row[$0] } })
                return analysis.reach.map { (analysis.mean, $0) }
            }
            let mean = differences.reduce(0) { $0 + $1 / Double(differences.count) }
            return StudentDistribution.reach(count: differences.count).map { factor in
                let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let n = Double(differences.count)
                return (mean, factor * (squares / (n - 1) / n).squareRoot())
            }
        }
    }

    let base: String
    private(set) var rivals: [Rival] = []

    init(_ results: PlottedResults, base: String) {
        self.base = base
        let bySeries = results.trials.map(\.trial).grouped(\.series).map(\.name)
        /// By seed, of each replicate.
        func values(_ name: String) -> [Int: [Int: Double]] {
            results.trials.filter { $0.trial.series == name }.reduce(into: [:]) { values, result in
                let record = result.trial.record
                values[record.replicate ?? 0, default: [:]][record.seed] = result.value
            }
        }
        let bases = values(base)
        for name in bySeries where name != base {
            let values = values(name)
            // Those of one number were trained from one seed; an optimizer without replicates is a pair of each.
            let matches = values.sorted { $0.key < $1.key }.flatMap { number, row in
                bases.sorted { $0.key < $1.key }
                    .filter { values.count == 1 || bases.count == 1 || $0.key == number }
                    .map { (row, $0.value) }
            }
            let pairs = matches.flatMap { row, base in
                row.compactMap { seed, value in base[seed].map { (seed, value, $0) } }.sorted { $0.0 < $1.0 }
            }
            guard !pairs.isEmpty else { continue }
            rivals.append(
                Rival(
                    name: name,
                    rows: matches.map { row, base in
                        row.reduce(into: [:]) { rows, entry in
                            rows[entry.key] = base[entry.key].map { entry.value - $0 }
                        }
                    },
                    differences: pairs.map { $0.1 - $0.2 }.filter(\.isFinite),
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
                if rival.lost + rival.won == 0, let (mean, error) = rival.interval {
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
