import Problems
import TensorEngine
import Testing

@Suite("Random scaling")
struct RandomScalingTests {
    private let problem = Problem(Quadratic(batchSize: 3, dimensions: 4))
    private let key = RandomKey(seed: 6)

    /// The scales, by what became of the initial parameters.
    private func scales(_ scaled: RandomScaling) -> [Double] {
        zip(initial(problem), initial(Problem(scaled))).map { $0 / $1 }
    }

    private func initial(_ problem: Problem) -> [Double] {
        problem.objective.initialParameters(key).flatMap(\.self)
    }

    /// The loss and its gradient at the parameters.
    private func evaluate(_ problem: Problem, at values: [Double]) -> [Double] {
        let evaluation = ProblemEvaluation(problem)
        let (loss, gradients) = evaluation([values], data: evaluation.data(seed: 6))
        return [loss] + gradients.flatMap(\.self)
    }

    @Test func isTheProblemInOtherUnits() {
        let scaled = RandomScaling(problem, -3...3)
        let (plain, found) = (
            evaluate(problem, at: initial(problem)), evaluate(Problem(scaled), at: initial(Problem(scaled)))
        )
        #expect(abs(plain[0] - found[0]) < 1e-12 * plain[0])
        #expect(scales(scaled).count == 12)
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
        #expect(initial(Problem(scaled)) == initial(problem))
        #expect(evaluate(Problem(scaled), at: initial(problem)) == evaluate(problem, at: initial(problem)))
    }
}
