import ExperimentSpec
import Formats
import Foundation
import Nouns

/// The settings of an optimizer that tuning tries: the product of the values that its spec lists, and of the points at which
/// its ranges are searched.
///
/// A list of numbers grows where the best candidate's value lies at its edge: by the next value beyond, at the ratio of the
/// two that lie there, as long as the setting may be that. With it come all candidates that the product then has beside.
struct TuningGrid {
    private struct Axis {
        let name: String
        var values: [JSONValue]
        /// How often it may yet grow.
        var growth: Int

        /// Its values without repetitions, ascending; nil where not all are numbers.
        var numbers: [Double]? {
            let numbers = values.compactMap(\.double)
            return numbers.count == values.count ? Set(numbers).sorted() : nil
        }
    }

    private let fixed: Settings
    private var axes: [Axis]
    /// The searched settings of each point; one without any where nothing is searched.
    private let points: [[String: JSONValue]]
    private let fitted: (_ number: Double, _ setting: String) -> JSONValue?
    /// All so far, in the order in which they came: first the product of what the spec lists, the last setting changing
    /// fastest but for the points.
    private(set) var candidates: [Settings] = []

    /// - Parameters:
    ///   - evaluation: says how often lists may grow, and at how many points ranges are searched.
    ///   - seed: the spec's.
    ///   - fitted: a number as a setting may be; nil where it may be none such.
    init(
        _ optimizer: OptimizerSpec, _ evaluation: EvaluationSpec, seed: Int,
        fitted: @escaping (_ number: Double, _ setting: String) -> JSONValue?
    ) {
        fixed = optimizer.fixedSettings
        axes = optimizer.tunedSettings.compactMap { name, choices in
            guard case .listed(let values) = choices else { return nil }
            return Axis(name: name, values: values, growth: evaluation.tuningGrowth)
        }
        points = Self.points(optimizer, evaluation, seed: seed, fitted)
        self.fitted = fitted
        candidates = product
    }

    /// Points that come to be the same, as those of whole numbers may, are one.
    private static func points(
        _ optimizer: OptimizerSpec, _ evaluation: EvaluationSpec, seed: Int,
        _ fitted: (_ number: Double, _ setting: String) -> JSONValue?
    ) -> [[String: JSONValue]] {
        let search = SearchPoints(optimizer.tunedSettings, seed: seed)
        guard let budget = evaluation.tuningBudget, !search.isEmpty else { return [[:]] }
        var known: Set<[String: JSONValue]> = []
        return (1...budget).compactMap { index in
            let values = search.point(index)
            let settings = values.reduce(into: [:]) { $0[$1.name] = fitted($1.value, $1.name) }
            return settings.count == values.count && known.insert(settings).inserted ? settings : nil
        }
    }

    /// How many candidates there are at most when each list has grown as often as it may; none where nothing is tuned.
    ///
    /// - Returns: a `Double`, as there may be more than an `Int` can count.
    static func candidateCount(_ optimizer: OptimizerSpec, _ evaluation: EvaluationSpec) -> Double {
        let settings = optimizer.tunedSettings
        guard !settings.isEmpty else { return 0 }
        var points: Double = 1
        let lists = settings.reduce(1.0) { count, setting in
            guard case .listed(let values) = setting.choices else {
                points = Double(evaluation.tuningBudget ?? 1)
                return count
            }
            let isGrowing = values.count > 1 && values.allSatisfy { $0.double != nil }
            return count * Double(values.count + (isGrowing ? evaluation.tuningGrowth : 0))
        }
        return lists * points
    }

    /// The settings whose lists may grow, and how often at most.
    var growing: [String: Int] {
        axes.reduce(into: [:]) { growing, axis in
            let edges = axis.numbers.map { [$0.first, $0.last] } ?? []
            if edges.contains(where: { next(axis, beyond: $0) != nil }) { growing[axis.name] = axis.growth }
        }
    }

    /// Takes the next value into each list at whose edge the best candidate lies.
    ///
    /// - Returns: the candidates that come with it; none where no list grows.
    mutating func grow(beyond best: Int) -> [Settings] {
        let values = candidates[best].values
        var hasGrown = false
        for index in axes.indices {
            guard let value = next(axes[index], beyond: values[axes[index].name]?.double) else { continue }
            axes[index].values.append(value)
            axes[index].growth -= 1
            hasGrown = true
        }
        guard hasGrown else { return [] }
        let known = Set(candidates)
        let added = product.filter { !known.contains($0) }
        candidates += added
        return added
    }

    private var product: [Settings] {
        axes.reduce([fixed.values]) { products, axis in
            products.flatMap { product in axis.values.map { value in product.merging([axis.name: value]) { $1 } } }
        }.flatMap { product in
            points.map { Settings(product.merging($0) { $1 }) }
        }
    }

    /// The value after one at an edge; nil elsewhere, and where the setting may be nothing beyond.
    private func next(_ axis: Axis, beyond edge: Double?) -> JSONValue? {
        guard axis.growth > 0, let edge, let numbers = axis.numbers, numbers.count > 1,
            let least = numbers.first, let greatest = numbers.last, edge == least || edge == greatest
        else { return nil }
        let neighbor = edge == least ? numbers[1] : numbers[numbers.count - 2]
        // 0.1 times 0.1 is 0.01.
        let value = fitted((edge * (edge / neighbor)).rounded(toSignificantDigits: 12), axis.name)
        guard let value, let number = value.double, number < least || number > greatest else { return nil }
        return value
    }
}

extension Double {
    /// The nearest number with so many decimal digits.
    func rounded(toSignificantDigits digits: Int) -> Double { Double(String(format: "%.\(digits)g", self)) ?? self }
}
