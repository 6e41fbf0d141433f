import TensorEngine
import TestSupport
import Testing

@testable import Problems

@Suite("Batch normalization agrees with PyTorch's")
struct BatchNormalizationTests {
    private let shape: Shape = [2, 3, 2, 3]
    private let scale = figureNoise(3, salt: 101).map { 1 + 0.4 * $0 }
    private let offset = figureNoise(3, salt: 102).map { 0.4 * $0 }
    private let direction = figureNoise(36, salt: 103)

    private func values(_ step: Int) -> [Double] {
        figureNoise(36, salt: UInt64(110 + step)).map { 2 * $0 + Double(step) }
    }

    private func figures() throws -> ReferenceFigures {
        try ReferenceFigures("residual", in: .module)["normalization"]
    }

    @Test func outputAndGradient() throws {
        let plan = Plan<Double>(
            .tracing([shape, [3], [3], shape]) { inputs in
                let result = inputs[0].batchNormalizedWithStatistics(
                    scale: inputs[1], offset: inputs[2], epsilon: 1e-5)
                let product = (result.values * inputs[3]).sum()
                return [result.values, result.mean, result.variance]
                    + gradient(of: product, withRespectTo: Array(inputs[..<3]))
            })
        let found = plan([values(2), scale, offset, direction])
        let figures = try figures()
        #expect(largestError(found[0], figures["output"].numbers) < 1e-12)
        #expect(largestError(Array(found[3...]), figures["gradients"].items.map(\.numbers)) < 1e-12)
        let channels = (0..<3).map { channel in
            values(2).enumerated().filter { $0.offset % 3 == channel }.map(\.element)
        }
        let means = channels.map { $0.reduce(0, +) / 12 }
        let variances = zip(channels, means).map { values, mean in
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 12
        }
        #expect(largestError(found[1], means) < 1e-12)
        #expect(largestError(found[2], variances) < 1e-12)
    }

    /// Three steps leave 0.997² · 0.003 + … of their values in the averages, and evaluation divides by that.
    @Test func runningStatisticsAndEvaluation() throws {
        let plan = Plan<Double>(
            .tracing([shape, [3], [3], [], [3], [3]]) { inputs in
                let statistics = RunningStatistics(weight: inputs[3])
                let result = inputs[0].batchNormalizedWithStatistics(
                    scale: inputs[1], offset: inputs[2], epsilon: 1e-5)
                let evaluated = inputs[0].normalized(
                    mean: statistics.corrected(inputs[4], initial: 0),
                    variance: statistics.corrected(inputs[5], initial: 1), scale: inputs[1], offset: inputs[2],
                    epsilon: 1e-5)
                return [
                    statistics.nextWeight, RunningStatistics.moved(inputs[4], towards: result.mean),
                    RunningStatistics.moved(inputs[5], towards: result.variance), evaluated,
                ]
            })
        var carried = [[0.0], [0, 0, 0], [0, 0, 0]]
        // Before any step, mean 0 and variance 1.
        let first = plan([values(0), scale, offset] + carried)[3]
        let plain = values(0).enumerated().map { index, value in
            value / (1 + 1e-5).squareRoot() * scale[index % 3] + offset[index % 3]
        }
        #expect(largestError(first, plain) < 1e-14)
        for step in 0..<3 { carried = Array(plan([values(step), scale, offset] + carried)[..<3]) }
        let figures = try figures()
        #expect(abs(carried[0][0] - figures["weight"].number) < 1e-15)
        #expect(largestError(Array(carried[1...]), figures["averages"].items.map(\.numbers)) < 1e-13)
        let evaluated = plan([values(2), scale, offset] + carried)[3]
        #expect(largestError(evaluated, figures["evaluation"].numbers) < 1e-12)
    }

    /// What is carried has no derivative: not by what it was, and not by the batch.
    @Test func carriedValuesStopGradients() {
        let plan = Plan<Double>(
            .tracing([shape, [3]]) { inputs in
                let mean = inputs[0].batchNormalizedWithStatistics(epsilon: 1e-5).mean
                let moved = RunningStatistics.moved(inputs[1], towards: mean)
                return gradient(of: moved.sum(), withRespectTo: [inputs[0]])
            })
        #expect(plan([values(0), [0, 0, 0]])[0].allSatisfy { $0 == 0 })
    }
}
