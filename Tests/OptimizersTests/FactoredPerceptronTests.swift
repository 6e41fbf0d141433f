import Foundation
import TensorEngine
import TestSupport
import Testing

@testable import Optimizers

/// `adafacMlp` against its formulas, reckoned one number at a time as the package's code has them.
@Suite struct FactoredPerceptronTests {
    private let described = [Parameter("vector", [3]), Parameter("wide", [2, 3]), Parameter("tall", [3, 2])]
    private let start = [0.5, -0.25, 0, 1, 2, -3, 0.125, -1, 0.75, 0.5, -0.5, 0.25, 3, -2, 1]
    private let gradients = [
        [0.1, -2, 0, 1e-3, 4, 5, -6, 0.5, 0.25, -1, 2, 0.01, 0, 1, -3],
        [-0.3, 1e-3, 0, 0.2, 0, -7, 1, -0.5, 2, 1, 0.1, -0.01, 3, 0, 1],
        [0.2, 0.5, 1, -0.2, 0.3, 7, 1, 0.25, -2, 1, -0.1, 4, 0.5, 0.3, 0.2],
    ]
    /// Beginning and end, and rows and columns; a vector has none.
    private let tensors: [(range: Range<Int>, rows: Int, columns: Int)] = [
        (0..<3, 0, 0), (3..<9, 2, 3), (9..<15, 3, 2),
    ]

    /// The averages of a matrix's longer dimension are its rows' (what is left when columns are averaged): a wide one's
    /// are of its rows, a tall one's of its columns.
    private func factored(
        _ values: [Double], _ index: Int, _ tensor: (range: Range<Int>, rows: Int, columns: Int)
    ) -> (short: [Int], long: [Int]) {
        let own = index - tensor.range.lowerBound
        let (row, column) = (own / tensor.columns, own % tensor.columns)
        let alongRow = (0..<tensor.columns).map { row * tensor.columns + $0 }
        let alongColumn = (0..<tensor.rows).map { $0 * tensor.columns + column }
        return tensor.columns >= tensor.rows ? (alongRow, alongColumn) : (alongColumn, alongRow)
    }

    @Test func itIsThePackagesFormulas() {
        let optimizer = FactoredPerceptronOptimizer(hidden: [], outputScale: 0.1, exponentScale: 0.5)
        #expect(optimizer.metaParameters.map(\.shape) == [[3], [1], [3], [39, 2], [2]])
        #expect(FactoredPerceptronOptimizer().metaParameters.elementCount == 7 + 39 * 4 + 4 + 20 + 10)
        var stream = RandomStream(RandomKey(seed: 3))
        let weights = (0..<optimizer.metaParameters.elementCount).map { index in
            (index < 7 ? 0.05 : 0.3) * stream.normal()
        }
        let found = trajectory(optimizer, described, from: start, along: gradients, weights)

        func decay(_ initial: Double, _ index: Int) -> Double { 1 - (1 - initial) * exp(10 * weights[index]) }
        func clipped(_ value: Double) -> Double { min(max(value, 0), 1) }
        let momenta = [0.9, 0.99, 0.999].enumerated().map { decay($1, $0) }
        let kept = clipped(decay(0.999, 3))
        let factors = [0.9, 0.99, 0.999].enumerated().map { clipped(decay($1, 4 + $0)) }
        var expected = start
        var means = [[Double]](repeating: [0, 0, 0], count: 15)
        var squares = [Double](repeating: 0, count: 15)
        // Averages of g² of the coordinates along a matrix's rows and columns, kept at each coordinate.
        var short = means
        var long = means
        for (step, gradient) in gradients.enumerated() {
            let times = [1.0, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000].map {
                tanh(Double(step) / $0 - 1)
            }
            for (index, g) in gradient.enumerated() {
                means[index] = zip(momenta, means[index]).map { $0 * $1 + (1 - $0) * g }
                squares[index] = kept * squares[index] + (1 - kept) * g * g
            }
            var features = [[Double]](repeating: [], count: 15)
            for tensor in tensors {
                for index in tensor.range {
                    let (own, places) = (
                        gradient[index], tensor.rows > 0 ? factored(gradient, index, tensor) : ([index], [index])
                    )
                    func mean(_ places: [Int]) -> Double {
                        let all = places.map { tensor.rows > 0 ? tensor.range.lowerBound + $0 : $0 }
                        return all.reduce(0) { $0 + gradient[$1] * gradient[$1] + 1e-30 } / Double(all.count)
                    }
                    for (place, factor) in factors.enumerated() {
                        short[index][place] = factor * short[index][place] + (1 - factor) * mean(places.0)
                        long[index][place] = factor * long[index][place] + (1 - factor) * mean(places.1)
                    }
                    let inverse = 1 / sqrt(squares[index] + 1e-6)
                    features[index] =
                        [own, expected[index]] + means[index] + [squares[index]] + means[index].map { $0 * inverse }
                        + [inverse]
                }
                for index in tensor.range {
                    let scales = (0..<3).map { place -> (Double, Double) in
                        guard tensor.rows > 0 else {
                            let value = short[index][place]
                            return (1 / sqrt(value + 1e-9), 1 / sqrt(value + 1e-6))
                        }
                        // The mean of the rows' averages over all rows is that over all coordinates.
                        let whole = tensor.range.reduce(0) { $0 + short[$1][place] } / Double(tensor.range.count)
                        let scale =
                            1 / sqrt(max(short[index][place] / (whole + 1e-9), 1e-9))
                            / sqrt(max(long[index][place], 1e-9))
                        return (scale, scale)
                    }
                    features[index] += scales.map { gradient[index] * $0.0 } + short[index] + long[index]
                    features[index] += (short[index] + long[index]).map { 1 / sqrt($0 + 1e-8) }
                    features[index] += zip(means[index], scales).map { $0 * $1.1 }
                }
            }
            for tensor in tensors {
                let norms = (0..<28).map { feature in
                    let sum = tensor.range.reduce(0) { $0 + features[$1][feature] * features[$1][feature] }
                    return 1 / sqrt(sum / Double(tensor.range.count) + 1e-5)
                }
                for index in tensor.range {
                    let inputs = zip(features[index], norms).map { $0 * $1 } + times
                    func output(_ column: Int) -> Double {
                        inputs.enumerated().reduce(weights[7 + 78 + column]) {
                            $0 + $1.element * weights[7 + 2 * $1.offset + column]
                        }
                    }
                    expected[index] -= 0.1 * output(0) * exp(0.5 * output(1))
                }
            }
            #expect(largestError(found[step], expected) < 1e-10)
        }
    }
}
