import Foundation
import JournalStore
import Nouns
import Wording

extension ExperimentPlot {
    private static let mostPanels = 12

    /// How often results of each size come, a panel a series over one axis; or the errors of imitations, which their
    /// trials counted themselves.
    func histogram(_ options: PlotOptions) throws -> Chart {
        if options.metrics.first == .errorHistogram { return try errors() }
        let results = try results(options)
        let parts = results.byProblem().flatMap { problem, results in
            results.bySeries().map { (problem: problem, name: $0.name, values: $0.values) }
        }
        let problems = Set(parts.map(\.problem))
        let metric = results.metric.metric
        guard let scale = AxisScale(showing: results.trials.map(\.value), scale: options.scale) else {
            throw JournalError(.missing, "no \(metric) of \(title) is finite")
        }
        let largest = parts.map(\.values.count).max() ?? 1
        let bins = Bins(scale, count: Int(2 * Double(largest).squareRoot()).clamped(to: 8...40))
        let counts = parts.map { bins.counts($0.values) }
        let top = Double(max(counts.flatMap(\.self).max() ?? 1, 1))
        let panels = zip(parts, counts).prefix(Self.mostPanels).map { part, counts in
            let name = problems.count > 1 ? "\(part.name) on \(part.problem)" : part.name
            return Chart.Panel(
                title: "\(name) (\(PlottedResults.note(part.values)))",
                horizontal: bins.axis(metric.rawValue), vertical: Chart.Axis("runs", extent: 0...top),
                layers: [Chart.Layer(part.name, .bars(zip(bins.ranges, counts).map { Chart.Bar($0, Double($1)) }))])
        }
        let cut = parts.count > Self.mostPanels ? " The first \(Self.mostPanels) of \(parts.count)." : ""
        return Chart(
            title: title, caption: "How many runs came to which \(metric); those that diverged are in no bar.\(cut)",
            panels: Array(panels))
    }

    /// The mean shares of the trials of each series, in the ranges in which they are counted.
    private func errors() throws -> Chart {
        let runs = try runs(.errorHistogram).flatMap(\.trials)
        guard !runs.isEmpty else { throw noCurve(.errorHistogram) }
        let panels = runs.map(\.0).grouped(\.series).map { name, _ in
            let these = runs.filter { $0.0.series == name }.map { $0.1.points.map(\.y) }
            let bars = (these.map(\.count).min() ?? 0)
            let layer = Chart.Layer(
                name,
                .bars(
                    (0..<bars).map { index in
                        // The first holds all below 10^-4, the last all above 10^2, each drawn as wide as the others.
                        let start = -4.25 + Double(index) / 4
                        let share = these.map { $0[index] }.reduce(0, +) / Double(these.count)
                        return Chart.Bar(pow(10, start)...pow(10, start + 0.25), share)
                    }))
            return Chart.Panel(
                title: "\(name) (n = \(these.count))",
                horizontal: Chart.Axis("relative error", scale: .logarithmic, isTight: true),
                vertical: Chart.Axis("share of errors", scale: .linear), layers: [layer])
        }
        return Chart(
            title: title, caption: "The first bar holds all errors below 0.0001, the last all above 100.",
            panels: panels)
    }
}

/// Ranges of equal width on an axis.
private struct Bins {
    let scale: AxisScale
    let ranges: [ClosedRange<Double>]

    init(_ scale: AxisScale, count: Int) {
        self.scale = scale
        let edges = (0...count).map { scale.value(at: Double($0) / Double(count)) }
        ranges = zip(edges, edges.dropFirst()).map { min($0, $1)...max($0, $1) }
    }

    func counts(_ values: [Double]) -> [Int] {
        values.filter(\.isFinite).reduce(into: [Int](repeating: 0, count: ranges.count)) { counts, value in
            counts[Int(scale.position(of: value) * Double(ranges.count)).clamped(to: 0...ranges.count - 1)] += 1
        }
    }

    func axis(_ title: String) -> Chart.Axis {
        Chart.Axis(title, scale: scale.isLogarithmic ? .logarithmic : .linear, extent: scale.low...scale.high)
    }
}
