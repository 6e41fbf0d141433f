import Optimizers
import TensorEngine
import Testing

/// Many parameters of a network never have a gradient; second derivatives go through their updates all the same.
@Suite("Updates without a gradient have derivatives")
struct RestDerivativeTests {
    private static let optimizers: [(String, any CoordinatewiseOptimizer)] = [
        ("sgd", GradientDescent(learningRate: 0.1)),
        ("momentum", Momentum(learningRate: 0.1)),
        ("nesterov", Momentum(learningRate: 0.1, isNesterov: true)),
        ("adagrad", Adagrad(learningRate: 0.1)),
        ("rmsprop", RootMeanSquarePropagation(learningRate: 0.01)),
        ("adam", Adam(learningRate: 0.01)),
        ("adamw", Adam(learningRate: 0.01, weightDecay: 0.01)),
        ("lstm", RecurrentOptimizer(layers: [3], inputs: .logAndSign(k: 10), feedback: .learned)),
        ("rnnprop", RelativeGradientOptimizer(preprocessing: 2, layers: [3])),
        ("teacher", TeacherOptimizer(localInputs: [], looksAtGradient: true, history: [0.9], hidden: [4])),
    ]

    /// Two updates from state 0: of a coordinate that never has a gradient, of one that has none at first, and of one
    /// that has none thereafter.
    @Test(arguments: optimizers.map(\.0)) func areFinite(_ name: String) {
        let optimizer = Self.optimizers.first { $0.0 == name }!.1
        let trace = Trace()
        let metaParameters = optimizer.metaParameters.map { trace.input($0.shape) }
        let schedules = (1...2).map { _ in optimizer.scheduleValues(step: 1).map { _ in trace.input(.scalar) } }
        let gradients = (1...2).map { _ in trace.input([1, 3]) }
        let start = (parameter: trace.input([1, 3]), state: optimizer.stateFeatures.map { trace.input([$0, 3]) })
        var (parameter, state) = start
        for (gradient, schedule) in zip(gradients, schedules) {
            let updated = optimizer.update(
                Coordinates(parameter: parameter, gradient: gradient, state: state, schedule: schedule),
                metaParameters: metaParameters)
            (parameter, state) = (updated.parameter, updated.state)
        }
        let variables = metaParameters + gradients + [start.parameter] + start.state
        let plan = Plan<Float>(trace.graph(outputs: gradient(of: parameter.sum(), withRespectTo: variables)))

        var weights = [Float](repeating: 0, count: optimizer.metaParameters.elementCount)
        weights.withUnsafeMutableBufferPointer {
            optimizer.initializeMetaParameters($0.baseAddress!, key: RandomKey(seed: 4))
        }
        let split = zip(optimizer.metaParameters, optimizer.metaParameters.offsets).map { parameter, offset in
            Array(weights[offset..<offset + parameter.shape.count])
        }
        let values = (1...2).flatMap { step in optimizer.scheduleValues(step: step).map { [Float($0)] } }
        let derivatives = plan(
            split + values + [[0, 0, 0.5], [0, -2, 0]] + [[0.5, -0.25, 0]]
                + optimizer.stateFeatures.map { [Float](repeating: 0, count: 3 * $0) }
        ).flatMap(\.self)
        #expect(derivatives.count { !$0.isFinite } == 0)
        #expect(derivatives.contains { $0 != 0 })
    }
}
