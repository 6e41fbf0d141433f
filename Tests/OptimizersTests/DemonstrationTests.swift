import Optimizers
import TensorEngine
import Testing

@Suite("A guide shows a learner what it would do")
struct DemonstrationTests {
    /// θ' = θ + a + 10 b, of two things that it is told.
    private struct Sum: CoordinatewiseOptimizer {
        let localInputs = [LocalInput("b", rows: 1), LocalInput("a", rows: 1)]

        func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
            guard let local = coordinates.local else { preconditionFailure("it is told of two things") }
            let change = local.sliced(1..<2) + local.sliced(0..<1) * 10
            return .init(parameter: coordinates.parameter + change, state: [])
        }
    }

    /// The learner looks at one thing that the guide looks at too, and at another; each is told its own, in its own order.
    @Test(arguments: [false, true]) func eachIsToldWhatItLooksAt(followsLearner: Bool) {
        let learner = TeacherOptimizer(
            localInputs: [LocalInput("a", rows: 1), LocalInput("c", rows: 2)], hidden: [3], outputScale: 1)
        let demonstration = Demonstration(by: Sum(), to: learner, followsLearner: followsLearner)
        #expect(demonstration.localInputs.map(\.name) == ["a", "c", "b"])
        #expect(demonstration.stateFeatures == [4, 1])
        var stream = RandomStream(RandomKey(seed: 4))
        let metaParameters = demonstration.metaParameters.map { parameter in
            (0..<parameter.shape.count).map { _ in stream.normal() }
        }
        let (value, seen) = (0.5, [1.0, 2, 3])
        func run(_ optimizer: any CoordinatewiseOptimizer, local: [Double], state: [Int]) -> [[Double]] {
            let trace = Trace()
            let weights = optimizer.metaParameters.map { trace.input($0.shape) }
            let updated = optimizer.update(
                Coordinates(
                    parameter: trace.input([1, 1]), gradient: trace.input([1, 1]),
                    local: trace.input([local.count, 1]), state: state.map { trace.input([$0, 1]) }, schedule: []),
                metaParameters: weights)
            let plan = Plan<Double>(trace.graph(outputs: [updated.parameter] + updated.state))
            return plan(metaParameters + [[value], [7], local] + state.map { Array(repeating: 0, count: $0) })
        }
        let found = run(demonstration, local: seen + [4], state: [4, 1])
        let own = run(learner, local: seen, state: [])[0]
        #expect(found[1] == seen + [value])
        #expect(found[2] == [value + 1 + 40])
        #expect(found[0] == (followsLearner ? own : found[2]))
        #expect(own != found[2])
    }
}
