import Foundation
import TensorEngine
import TestSupport
import Testing

@testable import Optimizers

/// Learned optimizers of whole tensors, against their formulas written out in `Double`.
@Suite("Learned optimizers of whole tensors follow their formulas")
struct LearnedTensorTests {
    private func initial(_ optimizer: any Optimizer) -> [Double] {
        var values = [Double](repeating: .nan, count: optimizer.metaParameters.elementCount)
        values.withUnsafeMutableBufferPointer {
            optimizer.initializeMetaParameters($0.baseAddress!, key: RandomKey(seed: 4))
        }
        return values
    }

    private static let described = [Parameter("first", [3]), Parameter("second", [2, 2])]
    private static let start = [0.5, -0.25, 0, 1, 2, -3, 0.125]
    private static let gradients = [[0.1, -2, 0, 1e-3, 4, 5, -6], [-0.3, 1e-3, 0, 0.2, 0, -7, 1]]

    /// Without hidden layers, the perceptron is two linear functions of its features, which are divided by their root mean
    /// squares over each tensor.
    @Test func perceptron() {
        let optimizer = PerceptronOptimizer(hidden: [], outputScale: 0.1, exponentScale: 0.5)
        #expect(optimizer.metaParameters.map(\.shape) == [[19, 2], [2]])
        #expect(PerceptronOptimizer().metaParameters.elementCount == 19 * 32 + 32 + 32 * 32 + 32 + 32 * 2 + 2)
        let weights = initial(optimizer)
        let found = trajectory(optimizer, Self.described, from: Self.start, along: Self.gradients, weights)
        var expected = Self.start
        var averages = [[Double]](repeating: Array(repeating: 0, count: 6), count: 7)
        for (step, gradient) in Self.gradients.enumerated() {
            let times = [1.0, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000].map {
                tanh(Double(step) / $0 - 1)
            }
            for (index, g) in gradient.enumerated() {
                averages[index] = zip([0.1, 0.5, 0.9, 0.99, 0.999, 0.9999], averages[index]).map {
                    $0 * $1 + (1 - $0) * g
                }
            }
            let features = (0..<7).map { [gradient[$0], expected[$0]] + averages[$0] }
            for tensor in [0..<3, 3..<7] {
                let scales = (0..<8).map { feature in
                    let squares = tensor.map { features[$0][feature] * features[$0][feature] }
                    return 1 / sqrt(squares.reduce(0, +) / Double(tensor.count) + 1e-5)
                }
                for index in tensor {
                    let inputs = zip(features[index], scales).map { $0 * $1 } + times
                    func output(_ column: Int) -> Double {
                        inputs.enumerated().reduce(0) { $0 + $1.element * weights[2 * $1.offset + column] }
                    }
                    expected[index] -= 0.1 * output(0) * exp(0.5 * output(1))
                }
            }
            #expect(largestError(found[step], expected) < 1e-12)
        }
    }

    /// With random meta-parameters, the nominal optimizer is Nesterov's and Adam's direction, each with a rate from its
    /// knots and the network.
    @Test(arguments: [0, 3]) func nominal(units: Int) {
        let optimizer = NominalOptimizer(units: units, horizon: 4, knots: 3)
        var stream = RandomStream(RandomKey(seed: 3))
        let weights = (0..<optimizer.metaParameters.elementCount).map { _ in 0.5 * stream.normal() }
        let gradients = (0..<7).map { step in Self.gradients[step % 2].map { $0 * Double(step + 1) } }
        let found = trajectory(optimizer, Self.described, from: Self.start, along: gradients, weights)
        var expected = Self.start
        var state = [[Double]](repeating: [0, 0, 0], count: 7)
        // Two places between knots, and the last ones from the horizon on.
        let shares = [0, 0.25, 0.5, 0.75, 1, 1, 1]
        for (step, gradient) in gradients.enumerated() {
            let (share, place) = (shares[step], 2 * shares[step])
            func knot(_ schedule: Int) -> Double {
                let below = min(Int(place), 1)
                let values = weights[3 * schedule + below..<3 * schedule + below + 2]
                return values.first! + (place - Double(below)) * (values.last! - values.first!)
            }
            for (index, g) in gradient.enumerated() {
                state[index][0] = 0.9 * state[index][0] + g
                state[index][1] = 0.9 * state[index][1] + 0.1 * g
                state[index][2] = 0.99 * state[index][2] + 0.01 * g * g
                let root = sqrt(state[index][2] / (1 - pow(0.99, Double(step + 1))) + 1e-12)
                let adam = state[index][1] / (1 - pow(0.9, Double(step + 1))) / root
                let inputs = [adam, g / (abs(g) + root), tanh(expected[index]), log(root) / 10, share, pow(share, 4)]
                let hidden = (0..<units).map { unit in
                    tanh(
                        inputs.indices.reduce(weights[6 + 6 * units + unit]) {
                            $0 + inputs[$1] * weights[6 + $1 * units + unit]
                        })
                }
                let corrections: [Double] = (0..<2).map { output in
                    guard units > 0 else { return 0 }
                    return hidden.indices.reduce(weights[6 + 9 * units + output]) {
                        $0 + hidden[$1] * weights[6 + 7 * units + 2 * $1 + output]
                    }
                }
                expected[index] -=
                    exp(knot(0) + corrections[0]) * (g + 0.9 * state[index][0])
                    + exp(knot(1) + corrections[1]) * adam
            }
            #expect(largestError(found[step], expected) < 1e-11)
        }
    }

    /// The same of Adam's and RMSprop's directions, by inputs that do not depend on the gradient's scale.
    @Test(arguments: [0, 3]) func normalized(units: Int) {
        let optimizer = NormalizedOptimizer(units: units, horizon: 4, knots: 3, learningRate: 0.7)
        var stream = RandomStream(RandomKey(seed: 3))
        let weights = (0..<optimizer.metaParameters.elementCount).map { _ in 0.5 * stream.normal() }
        let gradients = (0..<7).map { step in Self.gradients[step % 2].map { $0 * Double(step + 1) } }
        let found = trajectory(optimizer, Self.described, from: Self.start, along: gradients, weights)
        var expected = Self.start
        var (means, squares) = ([[Double]](repeating: [0, 0], count: 7), [[Double]](repeating: [0, 0], count: 7))
        let shares = [0, 0.25, 0.5, 0.75, 1, 1, 1]
        for (step, gradient) in gradients.enumerated() {
            let (share, place) = (shares[step], 2 * shares[step])
            func knot(_ schedule: Int) -> Double {
                let below = min(Int(place), 1)
                let values = weights[3 * schedule + below..<3 * schedule + below + 2]
                return values.first! + (place - Double(below)) * (values.last! - values.first!)
            }
            func average(_ value: inout Double, _ decay: Double, _ new: Double) -> Double {
                value = decay * value + (1 - decay) * new
                return value / (1 - pow(decay, Double(step + 1)))
            }
            for (index, g) in gradient.enumerated() {
                let fast = average(&means[index][0], 0.9, g)
                let slow = average(&means[index][1], 0.99, g)
                let root = sqrt(average(&squares[index][0], 0.9, g * g) + 1e-12)
                let slowRoot = sqrt(average(&squares[index][1], 0.999, g * g) + 1e-12)
                let inputs = [
                    fast / slowRoot, g / (abs(g) + root), slow / slowRoot, log(root / slowRoot), tanh(expected[index]),
                    share,
                    pow(share, 4),
                ]
                let hidden = (0..<units).map { unit in
                    tanh(
                        inputs.indices.reduce(weights[6 + 7 * units + unit]) {
                            $0 + inputs[$1] * weights[6 + $1 * units + unit]
                        })
                }
                let corrections: [Double] = (0..<2).map { output in
                    guard units > 0 else { return 0 }
                    return hidden.indices.reduce(weights[6 + 10 * units + output]) {
                        $0 + hidden[$1] * weights[6 + 8 * units + 2 * $1 + output]
                    }
                }
                expected[index] -=
                    0.7 * (exp(knot(0) + corrections[0]) * fast / slowRoot + exp(knot(1) + corrections[1]) * g / root)
            }
            #expect(largestError(found[step], expected) < 1e-11)
        }
    }

    /// A loss that is multiplied by anything is learned alike, as long as ε does not count.
    @Test func normalizedTakesTheSameStepsAtAnyScale() {
        let optimizer = NormalizedOptimizer(units: 5)
        var stream = RandomStream(RandomKey(seed: 4))
        let weights = (0..<optimizer.metaParameters.elementCount).map { _ in 0.3 * stream.normal() }
        let ends = [1.0, 1000].map { scale in
            trajectory(
                optimizer, Self.described, from: Self.start,
                along: Self.gradients.map { $0.map { $0 * scale } }, weights
            ).last!
        }
        #expect(largestError(ends[0], ends[1]) < 1e-6)
    }

    /// Before meta-training it is the two rules at their rates, all but what a hundredth of a random layer adds.
    @Test func nominalBeginsAtItsRules() {
        let plain = NominalOptimizer(units: 0, nesterovRate: 0.5, adamRate: 0.01)
        #expect(initial(plain).prefix(11).allSatisfy { abs($0 - log(0.5)) < 1e-15 })
        #expect(initial(plain).suffix(11).allSatisfy { abs($0 - log(0.01)) < 1e-14 })
        let corrected = NominalOptimizer(units: 16, nesterovRate: 0.5, adamRate: 0.01)
        let ends = [plain, corrected].map {
            trajectory($0, Self.described, from: Self.start, along: Self.gradients, initial($0)).last!
        }
        #expect(largestError(ends[0], ends[1]) > 0)
        for (start, ends) in zip(Self.start, zip(ends[0], ends[1])) {
            #expect(abs(ends.1 - ends.0) < 0.1 * abs(ends.0 - start) + 1e-12)
        }
    }

    /// What averaging cells put out is averaged before the layer above sees it (Andrychowicz et al. 2016, section 2.1).
    @Test func averagingCellsCountInTheSameStep() {
        let optimizer = ColumnRecurrentOptimizer(
            RecurrentNetwork(layers: [2], averagingCells: 1, inputs: .identity, outputScale: 0.1), .coordinates)
        #expect(
            optimizer.metaParameters.map(\.name) == [
                "averagingLstm1/weight", "averagingLstm1/bias", "linear/weight", "linear/bias",
            ])
        var stream = RandomStream(RandomKey(seed: 3))
        let weights = (0..<optimizer.metaParameters.elementCount).map { _ in 0.5 * stream.normal() }
        let found = trajectory(optimizer, Self.described, from: Self.start, along: Self.gradients, weights)
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        let (bias, linear) = (Array(weights[24..<32]), Array(weights[32...]))
        var (expected, outputs, cells) = (
            Self.start, [[Double]](repeating: [0, 0], count: 7), [[Double]](repeating: [0, 0], count: 7)
        )
        for (step, gradient) in Self.gradients.enumerated() {
            for index in 0..<7 {
                let inputs: [Double] = [gradient[index]] + outputs[index]
                let gates: [Double] = (0..<8).map { gate in
                    inputs.enumerated().reduce(bias[gate]) { $0 + $1.element * weights[8 * $1.offset + gate] }
                }
                for unit in 0..<2 {
                    let kept = sigmoid(gates[4 + unit] + 1) * cells[index][unit]
                    cells[index][unit] = kept + sigmoid(gates[unit]) * tanh(gates[2 + unit])
                    outputs[index][unit] = sigmoid(gates[6 + unit]) * tanh(cells[index][unit])
                }
            }
            let mean = outputs.reduce(0) { $0 + $1[1] } / 7
            for index in 0..<7 {
                outputs[index][1] = mean
                expected[index] += 0.1 * (outputs[index][0] * linear[0] + mean * linear[1] + linear[2])
            }
            #expect(largestError(found[step], expected) < 1e-12)
        }
    }

    /// Without layers, each kernel changes by a linear function of its own gradient.
    @Test func kernelsAreColumns() {
        let optimizer = ColumnRecurrentOptimizer(
            RecurrentNetwork(layers: [], inputs: .identity, outputScale: 0.1, feedback: .fixed(0.01)),
            .kernels(height: 1, width: 2))
        #expect(optimizer.metaParameters.map(\.shape) == [[2, 2], [2]])
        let described = [
            Parameter("first", [1, 2, 3, 1], .convolutionKernel),
            Parameter("second", [1, 2, 1, 2], .convolutionKernel),
        ]
        let (start, gradient) = ((0..<10).map { Double($0) - 4 }, (0..<10).map { sin(Double($0)) })
        let weights = [0.5, -1, 2, 0.25, 0.1, -0.2]
        let found = trajectory(optimizer, described, from: start, along: [gradient], weights)[0]
        var expected = start
        // The elements of each kernel, from one channel to one filter.
        for kernel in [[0, 3], [1, 4], [2, 5], [6, 8], [7, 9]] {
            for (output, element) in kernel.enumerated() {
                let change = kernel.enumerated().reduce(weights[4 + output]) {
                    $0 + gradient[$1.element] * weights[2 * $1.offset + output]
                }
                expected[element] += 0.1 * change + 0.01 * start[element]
            }
        }
        #expect(largestError(found, expected) < 1e-14)
        let whole = ColumnRecurrentOptimizer(
            RecurrentNetwork(layers: [3, 2], feedback: .learned), .tensors(elements: 6))
        #expect(
            whole.metaParameters.map(\.shape) == [[15, 12], [12], [5, 8], [8], [2, 6], [6], [2, 6], [6]])
        #expect(
            whole.state(of: [Parameter("a", [6]), Parameter("b", [2, 3])]).map(\.shape) == [
                [3, 2], [3, 2], [2, 2], [2, 2],
            ])
    }

    @Test func columnsThatAreNotThereAreToldOf() {
        let kernels = ColumnRecurrentOptimizer(RecurrentNetwork(), .kernels(height: 3, width: 3))
        let fitting = Parameter("convolution1/kernel", [3, 3, 1, 8], .convolutionKernel)
        #expect(kernels.misfit(with: [fitting]) == nil)
        #expect(
            kernels.misfit(with: [fitting, Parameter("dense1/weights", [9, 4], .denseKernel)])
                == "the optimizer reads kernels of 3 by 3, and dense1/weights [9, 4] has none; metaTraining.parameterGroups "
                + "gives it those alone that have")
        let tensors = ColumnRecurrentOptimizer(RecurrentNetwork(), .tensors(elements: 10))
        #expect(
            tensors.misfit(with: [Parameter("x", [10]), Parameter("batch", [4, 10]), Parameter("y", [2, 5])]) == nil)
        #expect(
            tensors.misfit(with: [Parameter("x", [10]), Parameter("y", [4])])
                == "the optimizer reads tensors of 10 elements, and y [4] has 4; metaTraining.parameterGroups gives it those "
                + "alone that have as many")
    }
}
