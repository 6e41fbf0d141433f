import Foundation
import Optimizers
import TensorEngine
import TestSupport
import Testing

@Suite("Hand-designed optimizers follow PyTorch's")
struct HandDesignedTests {
    private static let rules: [(String, any CoordinatewiseOptimizer)] = [
        ("sgd", GradientDescent(learningRate: 0.1)),
        ("momentum", Momentum(learningRate: 0.1)),
        ("nesterov", Momentum(learningRate: 0.1, isNesterov: true)),
        ("adagrad", Adagrad(learningRate: 0.1)),
        ("rmsprop", RootMeanSquarePropagation(learningRate: 0.01)),
        ("adam", Adam(learningRate: 0.01)),
        ("adamw", Adam(learningRate: 0.01, weightDecay: 0.01)),
    ]

    @Test(arguments: rules.map(\.0)) func followsTheReference(_ name: String) throws {
        let figures = try ReferenceFigures("optimizers", in: .module)
        let optimizer = Self.rules.first { $0.0 == name }!.1
        let expected = figures["trajectories"][name].items.map(\.numbers)
        let start = figures["start"].numbers
        let gradients = figures["gradients"].items.map(\.numbers)
        #expect(largestError(trajectory(optimizer, start, gradients, as: Double.self), expected) < 1e-9)
        #expect(largestError(trajectory(optimizer, start, gradients, as: Float.self), expected) < 1e-4)
    }

    private func trajectory<Scalar: TensorScalar>(
        _ optimizer: any CoordinatewiseOptimizer, _ start: [Double], _ gradients: [[Double]], as type: Scalar.Type
    ) -> [[Double]] {
        let row: Shape = [1, start.count]
        let trace = Trace()
        let schedule = optimizer.scheduleValues(step: 1).map { _ in trace.input(.scalar) }
        let updated = optimizer.update(
            Coordinates(
                parameter: trace.input(row), gradient: trace.input(row),
                state: optimizer.stateFeatures.map { trace.input([$0, start.count]) }, schedule: schedule),
            metaParameters: [])
        let plan = Plan<Scalar>(trace.graph(outputs: [updated.parameter] + updated.state))
        var parameters = start.map { Scalar($0) }
        var state = optimizer.stateFeatures.map { [Scalar](repeating: 0, count: $0 * start.count) }
        return gradients.enumerated().map { index, gradient in
            let schedule = optimizer.scheduleValues(step: index + 1).map { [Scalar($0)] }
            let results = plan(schedule + [parameters, gradient.map { Scalar($0) }] + state)
            parameters = results[0]
            state = Array(results.dropFirst())
            return parameters.map(Double.init)
        }
    }

    @Test func learningRatesFall() {
        let cosine = LearningRate(2, decay: .cosine, steps: 100)
        let exponential = LearningRate(2, decay: .exponential, steps: 100)
        for step in [1, 2, 30, 51, 77, 100, 101, 200] {
            let progress = min(Double(step - 1) / 100, 1)
            #expect(abs(cosine.value(step: step) - (1 + cos(Double.pi * progress))) < 1e-15)
            #expect(abs(exponential.value(step: step) - 2 * pow(100, -progress)) < 1e-13)
        }
        #expect(LearningRate(2).value(step: 50) == 2)
    }
}
