import ExperimentSpec
import Formats
import Foundation
import Nouns

/// The settings of an optimizer that tuning tries: the product of the values that its spec lists.
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
    private let fitted: (_ number: Double, _ setting: String) -> JSONValue?
    /// All so far, in the order in which they came: first the product of what the spec lists, the last setting changing
    /// fastest.
    private(set) var candidates: [Settings] = []

    /// - Parameters:
    ///   - growth: how often each list may grow.
    ///   - fitted: a number as a setting may be; nil where it may be none such.
    init(_ optimizer: OptimizerSpec, growth: Int, fitted: @escaping (_ number: Double, _ setting: String) -> JSONValue?)
    {
        fixed = optimizer.fixedSettings
        axes = optimizer.tunedSettings.map { Axis(name: $0.name, values: $0.values, growth: growth) }
        self.fitted = fitted
        candidates = product
    }

    /// How many candidates there are at most when each list has grown as often as it may; none where nothing is tuned.
    ///
    /// - Returns: a `Double`, as there may be more than an `Int` can count.
    static func candidateCount(_ optimizer: OptimizerSpec, growth: Int) -> Double {
        let settings = optimizer.tunedSettings
        guard !settings.isEmpty else { return 0 }
        return settings.reduce(1) { count, setting in
            let isGrowing = setting.values.count > 1 && setting.values.allSatisfy { $0.double != nil }
            return count * Double(setting.values.count + (isGrowing ? growth : 0))
        }
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
        }.map { Settings($0) }
    }

    /// The value after one at an edge; nil elsewhere, and where the setting may be nothing beyond.
    private func next(_ axis: Axis, beyond edge: Double?) -> JSONValue? {
        guard axis.growth > 0, let edge, let numbers = axis.numbers, numbers.count > 1,
            let least = numbers.first, let greatest = numbers.last, edge == least || edge == greatest
        else { return nil }
        let neighbor = edge == least ? numbers[1] : numbers[numbers.count - 2]
        let value = fitted(Self.rounded(edge * (edge / neighbor)), axis.name)
        guard let value, let number = value.double, number < least || number > greatest else { return nil }
        return value
    }

    /// To 12 significant digits: 0.1 times 0.1 is 0.01.
    private static func rounded(_ number: Double) -> Double { Double(String(format: "%.12g", number)) ?? number }
}
