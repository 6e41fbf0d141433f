import Foundation
import Optimizers
import TensorEngine
import TestSupport
import Testing

/// One step of learned optimizers on three coordinates, against their formulas written out in `Double`.
@Suite("Learned optimizers follow their formulas")
struct LearnedTests {
    private static let parameters = [0.5, -0.25, 0.0]
    private static let gradients = [[0.1, -2.0, 0.0], [-0.3, 1e-3, 0.0]]

    /// The parameters after each step.
    private func trajectory(_ optimizer: any CoordinatewiseOptimizer, _ metaParameters: [Double]) -> [[Double]] {
        let trace = Trace()
        let weights = optimizer.metaParameters.map { trace.input($0.shape) }
        let schedule = optimizer.scheduleValues(step: 1).map { _ in trace.input(.scalar) }
        let updated = optimizer.update(
            Coordinates(
                parameter: trace.input([1, 3]), gradient: trace.input([1, 3]),
                state: optimizer.stateFeatures.map { trace.input([$0, 3]) }, schedule: schedule),
            metaParameters: weights)
        let plan = Plan<Double>(trace.graph(outputs: [updated.parameter] + updated.state))
        let split = zip(optimizer.metaParameters, optimizer.metaParameters.offsets).map { parameter, offset in
            Array(metaParameters[offset..<offset + parameter.shape.count])
        }
        var parameters = Self.parameters
        var state = optimizer.stateFeatures.map { [Double](repeating: 0, count: 3 * $0) }
        return Self.gradients.enumerated().map { index, gradient in
            let values = optimizer.scheduleValues(step: index + 1).map { [$0] }
            let results = plan(split + values + [parameters, gradient] + state)
            (parameters, state) = (results[0], Array(results.dropFirst()))
            return parameters
        }
    }

    private func initial(_ optimizer: any CoordinatewiseOptimizer) -> [Double] {
        var values = [Double](repeating: .nan, count: optimizer.metaParameters.elementCount)
        values.withUnsafeMutableBufferPointer {
            optimizer.initializeMetaParameters($0.baseAddress!, key: RandomKey(seed: 4))
        }
        return values
    }

    @Test func withoutLayersAnLSTMIsALinearFunctionOfItsInputs() {
        let optimizer = RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1, feedback: .fixed(0.01))
        #expect(optimizer.metaParameters.map(\.name) == ["linear/weight", "linear/bias"])
        var expected = Self.parameters
        for (found, gradient) in zip(trajectory(optimizer, [3, 0.5]), Self.gradients) {
            expected = zip(expected, gradient).map { $0 + 0.1 * (3 * $1 + 0.5) + 0.01 * $0 }
            #expect(largestError(found, expected) < 1e-14)
        }
    }

    @Test func aLearnedLambdaIsBoundedAndStartsAtZero() {
        let optimizer = RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1, feedback: .learned)
        #expect(
            optimizer.metaParameters.map(\.name) == ["linear/weight", "linear/bias", "lambda/weight", "lambda/bias"])
        var expected = Self.parameters
        for (found, gradient) in zip(trajectory(optimizer, [3, 0.5, -2, 0.7]), Self.gradients) {
            expected = zip(expected, gradient).map { $0 + 0.1 * (3 * $1 + 0.5) + 0.1 * tanh(0.7 - 2 * $1) * $0 }
            #expect(largestError(found, expected) < 1e-12)
        }
        let plain = RecurrentOptimizer(layers: [4])
        let learned = RecurrentOptimizer(layers: [4], feedback: .learned)
        #expect(initial(learned) == initial(plain) + [Double](repeating: 0, count: 5))
    }

    @Test func zerosAreZero() {
        let optimizer = RecurrentOptimizer(layers: [4], feedback: .learned, initialWeights: .zeros)
        #expect(initial(optimizer) == Array(repeating: 0, count: optimizer.metaParameters.elementCount))
        #expect(initial(optimizer).count > 4 * 4 * 4)
    }

    /// Without LSTM layers, RNNprop is its inputs, the dense layer with ELU and the bounded output.
    @Test func relativeGradients() {
        let optimizer = RelativeGradientOptimizer(preprocessing: 2, layers: [])
        #expect(optimizer.metaParameters.map(\.shape) == [[2, 2], [2], [2, 1], [1]])
        var (expected, m, v) = (Self.parameters, [0.0, 0, 0], [0.0, 0, 0])
        let found = trajectory(optimizer, [1, -2, 0.5, 1.5, 0.1, -0.2, 0.7, -0.4, 0.05])
        for (step, gradient) in Self.gradients.enumerated() {
            for (index, g) in gradient.enumerated() {
                m[index] = 0.95 * m[index] + 0.05 * g
                v[index] = 0.95 * v[index] + 0.05 * g * g
                let size = sqrt(v[index] / (1 - pow(0.95, Double(step + 1)))) + 1e-8
                let (x, y) = (g / size, m[index] / (1 - pow(0.95, Double(step + 1))) / size)
                let hidden = [x + 0.5 * y + 0.1, -2 * x + 1.5 * y - 0.2].map { $0 > 0 ? $0 : exp($0) - 1 }
                expected[index] += 0.1 * tanh(0.7 * hidden[0] - 0.4 * hidden[1] + 0.05)
            }
            #expect(largestError(found[step], expected) < 1e-7)
        }
    }
}
