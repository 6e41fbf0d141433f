import Foundation
import TensorEngine
import TestSupport
import Testing

@testable import Optimizers

/// Learned optimizers that see Adafactor's averages, against the formulas of their published codes.
@Suite struct FactoredPerceptronTests {
    private typealias Reckoning = FactoredReckoning

    private func weights(_ optimizer: any Optimizer, deviation: (Int) -> Double) -> [Double] {
        var stream = RandomStream(RandomKey(seed: 3))
        return (0..<optimizer.metaParameters.elementCount).map { deviation($0) * stream.normal() }
    }

    @Test func itIsThePackagesFormulas() {
        let optimizer = FactoredPerceptronOptimizer(hidden: [], outputScale: 0.1, exponentScale: 0.5)
        #expect(optimizer.metaParameters.map(\.shape) == [[3], [1], [3], [39, 2], [2]])
        #expect(FactoredPerceptronOptimizer().metaParameters.elementCount == 7 + 39 * 4 + 4 + 20 + 10)
        let weights = weights(optimizer) { $0 < 7 ? 0.05 : 0.3 }
        let found = trajectory(
            optimizer, Reckoning.described, from: Reckoning.start, along: Reckoning.gradients, weights)

        func decay(_ initial: Double, _ index: Int) -> Double { 1 - (1 - initial) * exp(10 * weights[index]) }
        func clipped(_ value: Double) -> Double { min(max(value, 0), 1) }
        var known = Reckoning(
            momenta: [0.9, 0.99, 0.999].enumerated().map { decay($1, $0) }, squareDecay: clipped(decay(0.999, 3)),
            factors: [0.9, 0.99, 0.999].enumerated().map { clipped(decay($1, 4 + $0)) })
        var expected = Reckoning.start
        for (step, gradient) in Reckoning.gradients.enumerated() {
            let times = [1.0, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000].map {
                tanh(Double(step) / $0 - 1)
            }
            known.see(gradient)
            let features = gradient.indices.map { index -> [Double] in
                let inverse = 1 / sqrt(known.squares[index] + 1e-6)
                return [gradient[index], expected[index]] + known.means[index] + [known.squares[index]]
                    + known.means[index].map { $0 * inverse } + [inverse] + known.factored(index, gradient)
            }
            for (index, own) in Reckoning.normalized(features, epsilon: 1e-5).enumerated() {
                let inputs = own + times
                func output(_ column: Int) -> Double {
                    inputs.enumerated().reduce(weights[7 + 78 + column]) {
                        $0 + $1.element * weights[7 + 2 * $1.offset + column]
                    }
                }
                expected[index] -= 0.1 * output(0) * exp(0.5 * output(1))
            }
            #expect(largestError(found[step], expected) < 1e-10)
        }
    }

    /// `celo2_optax.py` with `orthogonalize=False`: a vector's network has no features of rows and columns.
    @Test func celoIsItsPublishedCodesFormulas() {
        let (rate, decay) = (0.01, 0.1)
        let optimizer = NormalizedPerceptronOptimizer(hidden: [4], learningRate: rate, weightDecay: decay)
        #expect(optimizer.metaParameters.map(\.shape) == [[30, 4], [4], [4, 1], [1]])
        #expect(NormalizedPerceptronOptimizer().metaParameters.elementCount == 31 * 8 + 9 * 8 + 9)
        let weights = weights(optimizer) { _ in 0.3 }
        let gradients = Reckoning.gradients.map { $0.map { $0 == 7 ? 7000 : $0 } }
        let found = trajectory(optimizer, Reckoning.described, from: Reckoning.start, along: gradients, weights)

        let momenta = [0.9, 0.99, 0.999]
        var known = Reckoning(momenta: momenta, squareDecay: 0.95, factors: momenta)
        var expected = Reckoning.start
        for (step, unbounded) in gradients.enumerated() {
            let gradient = unbounded.map { min(max($0, -1000), 1000) }
            known.see(gradient)
            let features = gradient.indices.map { index -> [Double] in
                let g = gradient[index]
                let inverse = 1 / sqrt(known.squares[index] + 1e-8)
                let factored = known.factored(index, gradient)
                let plain = [g, min(max(g, -0.1), 0.1), expected[index]] + known.means[index] + [known.squares[index]]
                return plain + known.means[index].map { $0 * inverse } + [inverse, g * inverse]
                    + (index < 3 ? factored.prefix(3) + [Double](repeating: 0, count: 15) : factored)
            }
            let outputs = Reckoning.normalized(features, epsilon: 1e-9).map { own -> [Double] in
                let hidden = (0..<4).map { unit in
                    max(
                        0,
                        own.enumerated().reduce(weights[120 + unit]) { $0 + $1.element * weights[4 * $1.offset + unit] }
                    )
                }
                return [hidden.enumerated().reduce(weights[128]) { $0 + $1.element * weights[124 + $1.offset] }]
            }
            for (index, output) in Reckoning.normalized(outputs, epsilon: 1e-9).enumerated() {
                expected[index] -= rate * (output[0] + decay * expected[index])
            }
            #expect(largestError(found[step], expected) < 1e-10)
        }
    }

    /// Whatever the gradient's scale, a tensor's change has the same size.
    @Test func stepsOfCeloHaveOneSize() {
        let optimizer = NormalizedPerceptronOptimizer(learningRate: 0.01)
        let weights = weights(optimizer) { _ in 0.3 }
        for scale in [1e-3, 1.0, 100] {
            let gradients = Reckoning.gradients.map { $0.map { scale * $0 } }
            let found = trajectory(optimizer, Reckoning.described, from: Reckoning.start, along: gradients, weights)
            for tensor in Reckoning.tensors {
                let square = tensor.range.reduce(0) { sum, index in
                    let change = found[0][index] - Reckoning.start[index]
                    return sum + change * change
                }
                #expect(abs(sqrt(square / Double(tensor.range.count)) - 0.01) < 1e-6)
            }
        }
    }
}
