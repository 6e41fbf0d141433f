import Problems
import TensorEngine
import Testing

@Suite("Random scaling")
struct RandomScalingTests {
    private let problem = Quadratic(batchSize: 3, dimensions: 4)
    private let key = RandomKey(seed: 6)

    /// The scales, by what became of the initial parameters.
    private func scales(_ scaled: RandomScaling) -> [Double] {
        zip(initial(problem), initial(scaled)).map { $0 / $1 }
    }

    private func initial(_ problem: some Problem) -> [Double] {
        let values = ElementBuffer<Double>(count: problem.parameters.elementCount)
        problem.initialize(values.start, key: key)
        return values.elements
    }

    /// The loss and its gradient at the parameters.
    private func evaluate(_ problem: some Problem, at values: [Double]) -> [Double] {
        let shapes = problem.parameters.map(\.shape)
        let plan = Plan<Double>(
            .tracing(shapes + problem.dataShapes(examples: nil)) { inputs in
                let parameters = Array(inputs.prefix(shapes.count))
                let loss = problem.loss(parameters, data: Array(inputs.dropFirst(shapes.count)))
                return [loss] + gradient(of: loss, withRespectTo: parameters)
            })
        let inputs = [ElementBuffer(values)] + problem.dataShapes(examples: nil).map { ElementBuffer(count: $0.count) }
        problem.fill(inputs.dropFirst().map(\.start), batch: .step(0), examples: nil, key: key)
        let outputs = plan.outputShapes.map { ElementBuffer<Double>(count: $0.count) }
        let memory = plan.makeMemory()
        for (index, input) in inputs.enumerated() { memory.bind(input: index, to: input.start) }
        for (index, output) in outputs.enumerated() { memory.bind(output: index, to: output.start) }
        plan.run(memory)
        return outputs.flatMap(\.elements)
    }

    @Test func isTheProblemInOtherUnits() {
        let scaled = RandomScaling(problem, -3...3)
        let (plain, found) = (evaluate(problem, at: initial(problem)), evaluate(scaled, at: initial(scaled)))
        #expect(abs(plain[0] - found[0]) < 1e-12 * plain[0])
        for (index, scale) in scales(scaled).enumerated() {
            #expect(abs(found[1 + index] - scale * plain[1 + index]) < 1e-10 * abs(found[1 + index]))
        }
    }

    @Test func scalesAreInRangeAndDiffer() {
        let scales = scales(RandomScaling(problem, -3...3))
        #expect(scales.allSatisfy { $0 > 0.049 && $0 < 20.1 })
        #expect(Set(scales).count == 12)
        #expect(scales.min()! < 0.5 && scales.max()! > 2)
    }

    @Test func scalingByOneChangesNothing() {
        let scaled = RandomScaling(problem, 0...0)
        #expect(initial(scaled) == initial(problem))
        #expect(evaluate(scaled, at: initial(problem)) == evaluate(problem, at: initial(problem)))
    }
}
