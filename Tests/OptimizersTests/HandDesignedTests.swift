import Foundation
import Optimizers
import TensorEngine
import TestSupport
import Testing

@Suite("Hand-designed optimizers follow their published code")
struct HandDesignedTests {
    private static let rules: [(String, any CoordinatewiseOptimizer)] = [
        ("sgd", GradientDescent(learningRate: 0.1)),
        ("momentum", Momentum(learningRate: 0.1)),
        ("nesterov", Momentum(learningRate: 0.1, isNesterov: true)),
        ("adagrad", Adagrad(learningRate: 0.1)),
        ("rmsprop", RootMeanSquarePropagation(learningRate: 0.01)),
        ("adam", Adam(learningRate: 0.01)),
        ("adamw", Adam(learningRate: 0.01, weightDecay: 0.01)),
        ("rprop", ResilientPropagation(learningRate: 0.1)),
        ("lion", Lion(learningRate: 0.01, weightDecay: 0.01)),
        ("nadamw", Adam(learningRate: 0.01, weightDecay: 0.01, isNesterov: true)),
    ]
    private static let fromOptimizers = rules.prefix(7).map(\.0)

    @Test(arguments: rules.map(\.0)) func followsTheReference(_ name: String) throws {
        let figures = try ReferenceFigures("optimizers", in: .module)
        let optimizer = Self.rules.first { $0.0 == name }!.1
        let source = Self.fromOptimizers.contains(name) ? figures : try ReferenceFigures("rules", in: .module)
        let expected = source["trajectories"][name].items.map(\.numbers)
        #expect(expected.count == 10)
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
}
