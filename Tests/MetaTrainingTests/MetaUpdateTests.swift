import Foundation
import Optimizers
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// Steps on two meta-parameters of two and three elements, against formulas written out.
@Suite("A meta-optimizer's steps")
struct MetaUpdateTests {
    private static let parameters = [Parameter("a", [2]), Parameter("b", [3])]
    private static let start = [1.0, -2, 0.5, 0, 3]
    private static let gradients = [[0.1, -1, 2, 0, 0.3], [0.2, 0.5, -1, 0, 0.1]]
    private static let losses = [2.0, 1.5]

    /// The meta-parameters after each step.
    private func trajectory(_ metaOptimizer: MetaOptimizer, of parameters: [Parameter] = parameters) -> [[Double]] {
        let update = MetaUpdate<Double>(metaOptimizer, of: parameters)
        let values = ElementBuffer<Double>(count: update.count)
        let gradient = ElementBuffer<Double>(count: update.count)
        let state = ElementBuffer<Double>(count: update.stateCount)
        for (index, value) in Self.start.enumerated() { values.start[index] = value }
        return zip(Self.gradients, Self.losses).enumerated().map { step, told in
            for (index, value) in told.0.enumerated() { gradient.start[index] = value }
            update.run(step: step + 1, loss: told.1, metaParameters: values, metaGradient: gradient, state: state)
            return Array(values.elements.prefix(5))
        }
    }

    private func expectEqual(_ found: [[Double]], _ expected: [[Double]], _ tolerance: Double = 1e-12) {
        #expect(largestError(found, expected) < tolerance)
    }

    @Test func adam() {
        var (expected, m, v) = (Self.start, [0.0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0])
        let steps = Self.gradients.enumerated().map { step, gradient in
            let time = Double(step + 1)
            for (index, g) in gradient.enumerated() {
                m[index] = 0.9 * m[index] + 0.1 * g
                v[index] = 0.999 * v[index] + 0.001 * g * g
                expected[index] -=
                    0.1 * m[index] / (1 - pow(0.9, time)) / (sqrt(v[index] / (1 - pow(0.999, time))) + 1e-8)
            }
            return expected
        }
        expectEqual(trajectory(MetaOptimizer(Adam(learningRate: 0.1))), steps)
    }

    /// θ' = θ + 0.1 (3 g + 0.5), as a learned linear optimizer has it.
    @Test func aLearnedLinearOptimizer() {
        let optimizer = RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1)
        var expected = Self.start
        let steps = Self.gradients.map { gradient in
            expected = zip(expected, gradient).map { $0 + 0.1 * (3 * $1 + 0.5) }
            return expected
        }
        expectEqual(trajectory(MetaOptimizer(ParameterGroups(optimizer), metaParameters: [3, 0.5])), steps)
    }

    /// An LSTM of one unit, whose output and cell each meta-parameter has for itself.
    @Test func aLearnedRecurrentOptimizer() {
        let optimizer = RecurrentOptimizer(layers: [1], inputs: .identity, outputScale: 0.1)
        // Gates are input, candidate, forget and output; the forget gate's bias is one more than what is learned.
        let (fromGradient, fromOutput, bias) = ([0.7, -1.2, 0.4, 0.3], [0.2, 0.5, -0.6, 0.9], [0.1, -0.1, 0.2, 0.3])
        let weights = fromGradient + fromOutput + bias + [1.5, -0.25]
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        var (expected, output, cell) = (Self.start, [0.0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0])
        let steps = Self.gradients.map { gradient in
            for (index, g) in gradient.enumerated() {
                let gates = (0..<4).map { fromGradient[$0] * g + fromOutput[$0] * output[index] + bias[$0] }
                cell[index] = sigmoid(gates[2] + 1) * cell[index] + sigmoid(gates[0]) * tanh(gates[1])
                output[index] = sigmoid(gates[3]) * tanh(cell[index])
                expected[index] += 0.1 * (1.5 * output[index] - 0.25)
            }
            return expected
        }
        expectEqual(trajectory(MetaOptimizer(ParameterGroups(optimizer), metaParameters: weights)), steps)
    }

    /// A linear teacher that sees loss, value and gradient: s d exp(4 tanh(e / 4)), of which each step is told its own
    /// meta-loss.
    @Test func aTeacher() {
        let teacher = TeacherOptimizer(
            localInputs: [LocalInput("loss", rows: 1)], looksAtGradient: true, hidden: [], outputScale: 0.1)
        let (shift, scale) = ([0.5, 0, -0.25, 0], [2.0, 1, 1, 0.5])
        let (direction, size) = ([0.3, -0.5, 0.2, 1], [0.1, 0.2, -0.3, 0.4])
        let weights = shift + scale + zip(direction, size).flatMap { [$0, $1] } + [0.05, -0.2]
        var expected = Self.start
        let steps = zip(Self.gradients, Self.losses).map { gradient, loss in
            expected = zip(expected, gradient).map { value, g in
                let seen = [
                    loss, value, max(log(abs(g) + Double(Float.ulpOfOne)) / 10, -1), min(max(exp(10) * g, -1), 1),
                ].enumerated().map { $1 * scale[$0] + shift[$0] }
                let d = zip(seen, direction).reduce(0.05) { $0 + $1.0 * $1.1 }
                let e = zip(seen, size).reduce(-0.2) { $0 + $1.0 * $1.1 }
                return value + 0.1 * d * exp(4 * tanh(e / 4))
            }
            return expected
        }
        expectEqual(trajectory(MetaOptimizer(ParameterGroups(teacher), metaParameters: weights)), steps)
    }

    /// Tensors of one group lie together and filled up to blocks; each is found again, whichever the order, and however
    /// many blocks it has.
    @Test(arguments: [[0, 1], [1, 0]]) func groups(order: [Int]) {
        let parameters = order.map { Self.parameters[$0] }
        let groups = ParameterGroups([
            .init(NamePattern("b"), RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1)),
            .init(NamePattern("*"), GradientDescent(learningRate: 0.5)),
        ])
        let isLearned = order == [0, 1] ? [false, false, true, true, true] : [true, true, true, false, false]
        var expected = Self.start
        let steps = Self.gradients.map { gradient in
            for (index, g) in gradient.enumerated() {
                expected[index] += isLearned[index] ? 0.1 * (3 * g + 0.5) : -0.5 * g
            }
            return expected
        }
        expectEqual(trajectory(MetaOptimizer(groups, metaParameters: [3, 0.5]), of: parameters), steps)
    }

    @Test func manyMetaParametersOfSeveralBlocks() {
        let parameters = [Parameter("a", [70]), Parameter("b", [3, 50]), Parameter("c", [1])]
        let optimizer = RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 1)
        let update = MetaUpdate<Float>(
            MetaOptimizer(ParameterGroups(optimizer), metaParameters: [-1, 0.5]), of: parameters)
        let values = ElementBuffer<Float>(count: update.count)
        let gradient = ElementBuffer<Float>(count: update.count)
        for index in 0..<221 { (values.start[index], gradient.start[index]) = (Float(index), Float(2 * index)) }
        update.run(
            step: 1, loss: 0, metaParameters: values, metaGradient: gradient,
            state: ElementBuffer(count: update.stateCount))
        #expect((0..<221).allSatisfy { values.start[$0] == 0.5 - Float($0) })
    }
}
