import Analysis
import Foundation
import JournalStore
import Nouns
import Report

/// Reads curves in as much detail as a picture shows.
struct CurveReader {
    let journal: Journal
    /// The steps to show; nil for all.
    let range: ClosedRange<Int>?

    /// Points of a curve up to which it is drawn from them all.
    private static let mostPoints = 20_000

    /// One trial's curve; nil where it has none in that range.
    ///
    /// - Parameter isWhole: whether to draw it from its points, unless there are very many.
    func points(of trial: Int64, _ metric: Metric, isWhole: Bool = true) throws -> [Chart.Point]? {
        let overview = try journal.overview(trial: trial, metric: metric)
        guard isWhole, overview.pointCount <= Self.mostPoints else { return shown(overview.outline) }
        let (steps, values) = try journal.points(trial: trial, metric: metric)
        return shown(zip(steps, values).map { Chart.Point(Double($0), $1) })
    }

    /// The points in the range; nil where there are none.
    func shown(_ points: [Chart.Point]) -> [Chart.Point]? {
        guard let range else { return points.isEmpty ? nil : points }
        let shown = points.filter { $0.x >= Double(range.lowerBound) && $0.x <= Double(range.upperBound) }
        return shown.isEmpty ? nil : shown
    }
}

extension CurveOverview {
    /// Of each stretch the lowest and the highest value.
    var outline: [Chart.Point] {
        guard pointCount > buckets.count else { return means }
        return buckets.indices.flatMap { index -> [Chart.Point] in
            let bucket = buckets[index]
            let next = index + 1 < buckets.count ? buckets[index + 1].firstStep : lastStep
            return [
                Chart.Point(Double(bucket.firstStep), Double(bucket.low)),
                Chart.Point(Double(bucket.firstStep + next) / 2, Double(bucket.high)),
            ]
        }
    }

    /// Of each stretch the mean, at its beginning.
    var means: [Chart.Point] { buckets.map { Chart.Point(Double($0.firstStep), Double($0.mean)) } }
}

/// The curves of one optimizer: single runs beneath their mean and its interval, and where runs diverged.
struct SeriesLayers {
    struct Run {
        var points: [Chart.Point]
        /// What its mean is made of: the same, or means of stretches.
        var means: [Chart.Point]
        var isDiverged: Bool
        var isOver: Bool

        fileprivate var curve: MeanCurve.Run {
            MeanCurve.Run(steps: means.map(\.x), values: means.map(\.y), staysAsItIs: isOver)
        }
    }

    let name: String
    /// Of all trials.
    let runs: [Run]
    /// More thin lines than this only make a surface.
    let mostThin: Int

    var layers: [Chart.Layer] {
        let whole = runs.filter { !$0.isDiverged }
        let diverged = runs.filter(\.isDiverged)
        let note = [
            whole.isEmpty ? nil : "n = \(whole.count)", diverged.isEmpty ? nil : "\(diverged.count) diverged",
        ].compactMap(\.self).joined(separator: ", ")
        if runs.count == 1, let run = whole.first {
            return [Chart.Layer(name, .line(run.points, .plain), note: note)]
        }
        let thin = (diverged.prefix(mostThin / 2) + whole.prefix(mostThin)).prefix(mostThin)
        var layers = thin.map { Chart.Layer(name, .line($0.points, .thin), note: note) }
        if !whole.isEmpty {
            let mean = MeanCurve(of: whole.map(\.curve)).points
            // Where all values are positive the axis may be logarithmic, and then the interval has to be as well.
            let isPositive = mean.allSatisfy { $0.mean > 0 }
            layers.append(
                Chart.Layer(
                    name,
                    .band(
                        mean.compactMap { point in
                            (isPositive ? point.positiveInterval : point.interval).map {
                                Chart.Interval(point.step, $0.lowerBound, $0.upperBound)
                            }
                        })))
            layers.append(Chart.Layer(name, .line(mean.map { Chart.Point($0.step, $0.mean) }, .bold), note: note))
        }
        let ends = diverged.prefix(mostThin).compactMap { $0.points.last { $0.y.isFinite } }
        if !ends.isEmpty { layers.append(Chart.Layer(name, .points(ends, .cross), note: note)) }
        return layers
    }
}

extension SeriesLayers.Run {
    /// The mean of a replicate's runs, without those that diverged unless all did.
    init(meanOf runs: [SeriesLayers.Run]) {
        let whole = runs.filter { !$0.isDiverged }
        let mean = MeanCurve(of: (whole.isEmpty ? runs : whole).map(\.curve)).points.map {
            Chart.Point($0.step, $0.mean)
        }
        self.init(
            points: mean, means: mean, isDiverged: runs.contains(where: \.isDiverged),
            isOver: runs.allSatisfy(\.isOver))
    }
}
