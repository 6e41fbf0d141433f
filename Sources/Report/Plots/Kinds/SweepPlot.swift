import Analysis
import Foundation
import JournalStore
import Nouns
import Wording

extension ExperimentPlot {
    private static let mostSettings = 8

    /// The settings that differ between trials, each an axis, and what they came to: a line for each combination.
    func sweep(_ options: PlotOptions) throws -> Chart {
        let results = try results(options)
        // Of those that are compared, or of those of one kind that prepare for them, what tried more.
        let others = trials.filter { !isCompared($0) }.grouped(\.record.kind.rawValue).map { _, trials in
            trials.compactMap { trial in
                trial.record.results?.values[results.metric.metric].map { (trial: trial, value: $0) }
            }
        }
        let candidates = ([results.trials] + others).map(SweepPoints.init)
        let points = candidates.reduce(candidates[0]) { $1.combinations.count > $0.combinations.count ? $1 : $0 }
        guard !points.settings.isEmpty else {
            throw JournalError(
                .missing, "no setting differs between the trials of \(title): a sweep or a tuning has such")
        }
        let settings = Array(points.settings.prefix(Self.mostSettings))
        let metric = results.metric
        let axes = settings.map { name in SweepAxis(name, points.combinations.map { $0.settings[name] }, .automatic) }
        let means = points.combinations.map(\.mean)
        let last = SweepAxis(metric.metric.rawValue, means.map { $0.isFinite ? JSONValue($0) : nil }, options.scale)
        let order = means.enumerated().sorted { metric.isBetter($0.element, $1.element) }.map(\.offset)
        // The best is drawn last, on top.
        let lines = order.enumerated().reversed().map { rank, index -> Chart.Layer in
            let combination = points.combinations[index]
            let places = settings.indices.map {
                Chart.Point(Double($0), axes[$0].place(combination.settings[settings[$0]]))
            }
            let end = combination.mean.isFinite ? last.place(JSONValue(combination.mean)) : 1.06
            return Chart.Layer(
                combination.name(settings),
                .line(places + [Chart.Point(Double(settings.count), end)], rank == 0 ? .bold : .plain),
                note: PlottedResults.note(combination.values), value: combination.mean,
                shade: Double(rank) / Double(max(order.count - 1, 1)))
        }
        let notes = (axes + [last]).enumerated().flatMap { index, axis in
            axis.labels.map { Chart.Note(Chart.Point(Double(index), $0.place), $0.text) }
        }
        let uprights = (axes + [last]).indices.map { index in
            Chart.Layer("", .line([Chart.Point(Double(index), 0), Chart.Point(Double(index), 1)], .reference))
        }
        let more =
            points.settings.count > Self.mostSettings
            ? " \(points.settings.count - Self.mostSettings) more settings differ." : ""
        return Chart(
            title: title,
            caption:
                "A line a combination of settings, to the mean \(metric.metric) of its runs; from blue, the best, to "
                + "orange, the worst.\(more)",
            panels: [
                Chart.Panel(
                    title: counted(points.combinations.count, "combination"),
                    horizontal: Chart.Axis(categories: settings + [metric.metric.rawValue]),
                    vertical: Chart.Axis(extent: -0.06...1.08, hidesTicks: true),
                    layers: uprights + lines + [Chart.Layer("", .notes(notes))])
            ])
    }
}

/// Trials of like settings together.
private struct SweepPoints {
    struct Combination {
        var settings: [String: JSONValue]
        var values: [Double]

        /// Not finite where one diverged.
        var mean: Double { values.reduce(0) { $0 + $1 / Double(values.count) } }

        func name(_ names: [String]) -> String {
            names.compactMap { name in settings[name].map { "\(name) \(SweepAxis.text($0))" } }.joined(separator: ", ")
        }
    }

    /// What differs, in alphabetical order.
    private(set) var settings: [String] = []
    private(set) var combinations: [Combination] = []

    init(_ trials: [(trial: PlottedTrial, value: Double)]) {
        let all = trials.map { trial in
            Self.flat(trial.trial.record.optimizerSettings, "").merging(
                Self.flat(trial.trial.record.problemSettings, "problem.")
            ) { $1 }
        }
        let names = Set(all.flatMap(\.keys)).filter { name in Set(all.map { $0[name] }).count > 1 }
        // What only some optimizers have differs because they do; the identity of a learned one is no setting.
        settings = names.filter { name in name != "trial" && Set(all.compactMap { $0[name] }).count > 1 }.sorted()
        var places: [[JSONValue?]: Int] = [:]
        for (trial, flat) in zip(trials, all) {
            let key = settings.map { flat[$0] }
            if let place = places[key] {
                combinations[place].values.append(trial.value)
            } else {
                places[key] = combinations.count
                combinations.append(
                    Combination(settings: flat.filter { settings.contains($0.key) }, values: [trial.value]))
            }
        }
    }

    /// Numbers and words of settings by their paths.
    private static func flat(_ text: String, _ prefix: String) -> [String: JSONValue] {
        guard let settings = JSONValue(parsing: text) else { return [:] }
        var flat: [String: JSONValue] = [:]
        func add(_ value: JSONValue, _ path: String) {
            switch value {
            case .object(let members):
                for (name, member) in members { add(member, path.isEmpty ? name : "\(path).\(name)") }
            default: flat[prefix + path] = value
            }
        }
        add(settings, "")
        return flat
    }
}

/// An axis of parallel coordinates: where its values lie between 0 and 1.
private struct SweepAxis {
    private let scale: AxisScale?
    /// Of what are no numbers.
    private let words: [String]
    let labels: [(place: Double, text: String)]

    /// Where what lacks the setting passes.
    private static let below = -0.04

    init(_ name: String, _ values: [JSONValue?], _ kind: Chart.Axis.Scale) {
        let present = values.compactMap(\.self)
        let numbers = present.compactMap(\.double)
        if numbers.count == present.count, let low = numbers.min(), let high = numbers.max() {
            let isLogarithmic = kind == .logarithmic ? low > 0 : kind == .automatic && low > 0 && high / low >= 10
            let scale = low < high ? AxisScale(low: low, high: high, isLogarithmic: isLogarithmic) : nil
            self.scale = scale
            words = []
            let distinct = Set(numbers).sorted()
            let shown = distinct.count <= 6 ? distinct : [low, high]
            var labels: [(place: Double, text: String)] = []
            for value in shown {
                let place = scale?.share(of: value) ?? 0.5
                if labels.allSatisfy({ abs($0.place - place) > 0.045 }) {
                    labels.append((place, Self.text(JSONValue(value))))
                }
            }
            self.labels = labels
        } else {
            scale = nil
            let words = Set(present.map(Self.text)).sorted()
            self.words = words
            labels = words.count <= 20 ? words.enumerated().map { (Self.place($0, of: words.count), $1) } : []
        }
    }

    func place(_ value: JSONValue?) -> Double {
        guard let value else { return Self.below }
        if let number = value.double, words.isEmpty { return scale?.position(of: number) ?? 0.5 }
        return Self.place(words.firstIndex(of: Self.text(value)) ?? 0, of: words.count)
    }

    private static func place(_ index: Int, of count: Int) -> Double {
        count < 2 ? 0.5 : Double(index) / Double(count - 1)
    }

    static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .boolean(let flag): String(flag)
        case .null: "null"
        case .array(let values): "[\(values.map(text).joined(separator: ", "))]"
        case .object: "{}"
        case .integer, .number: NumberText.tick(value.double ?? .nan, digits: 4)
        }
    }
}

extension ComparisonMetric {
    /// Whether one mean is better than another; what isn't finite is the worst.
    fileprivate func isBetter(_ one: Double, _ other: Double) -> Bool {
        guard one.isFinite, other.isFinite else { return one.isFinite && !other.isFinite }
        return higherIsBetter ? one > other : one < other
    }
}
