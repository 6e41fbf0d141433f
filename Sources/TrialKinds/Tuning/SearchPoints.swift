import ExperimentSpec
import Nouns
import Optimizers

/// Points that fill the ranges of some settings evenly, however many there are: the sequence R_d (Roberts 2018), in one
/// dimension that of the golden ratio.
///
/// Coordinate i of point n is the fraction of s_i + n / φⁱ, where φ is the root of φ^(d + 1) = φ + 1 for d dimensions. The shifts s
/// come of the seed and the settings' names, so that another seed has other points (Cranley and Patterson 1976).
struct SearchPoints {
    private struct Dimension {
        let name: String
        let (low, high): (Double, Double)
        let isLogarithmic: Bool
        let shift: Double

        func value(at share: Double) -> Double {
            let value = isLogarithmic ? low * Elementary.power(high / low, share) : low + share * (high - low)
            return min(max(value.rounded(toSignificantDigits: 4), low), high)
        }
    }

    private let dimensions: [Dimension]

    /// - Parameter settings: those of which ranges are searched count.
    init(_ settings: [(name: String, choices: OptimizerSpec.Choices)], seed: Int) {
        dimensions = settings.compactMap { name, choices in
            guard case .range(let low, let high, let isLogarithmic) = choices else { return nil }
            return Dimension(
                name: name, low: low, high: high, isLogarithmic: isLogarithmic,
                shift: Self.fraction(of: sha256("\(seed) \(name)")))
        }
    }

    /// Whether there is nothing to search.
    var isEmpty: Bool { dimensions.isEmpty }

    /// The values of all settings at a point, to four significant digits.
    ///
    /// - Parameter index: 1 for the first point.
    func point(_ index: Int) -> [(name: String, value: Double)] {
        let root = Self.root(dimensions: dimensions.count)
        return dimensions.enumerated().map { place, dimension in
            let position = dimension.shift + Double(index) / power(root, place + 1)
            return (dimension.name, dimension.value(at: position - position.rounded(.down)))
        }
    }

    /// φ, by Newton's method.
    private static func root(dimensions count: Int) -> Double {
        (0..<40).reduce(2) { root, _ in
            root - (power(root, count + 1) - root - 1) / (Double(count + 1) * power(root, count) - 1)
        }
    }

    /// A number from 0 to 1, of a hash in hexadecimal.
    private static func fraction(of hash: String) -> Double {
        Double(Int(hash.prefix(12), radix: 16) ?? 0) / Double(1 << 48)
    }
}
