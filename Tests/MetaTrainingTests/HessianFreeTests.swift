import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

@Suite("Hessian-free optimization")
struct HessianFreeTests {
    private func optimize(
        _ problem: Problem, _ optimizer: any Optimizer, steps: Int, seed: UInt64 = 3
    ) throws -> (losses: [Double], state: [Double]) {
        let inner = try OptimizationStep<Double>(problem, ParameterGroups(optimizer))
        let state = inner.makeState()
        inner.begin(state, key: RandomKey(seed: seed))
        let none = ElementBuffer<Double>(count: 0)
        var losses = [inner.loss(state, on: SerialPieces())]
        for _ in 0..<steps {
            inner.step(state, metaParameters: none, on: SerialPieces())
            losses.append(inner.loss(state, on: SerialPieces()))
        }
        return (losses, state.optimizerState.elements)
    }

    /// A quadratic is its own model: as many iterations as it has dimensions find its minimum in one step, from wherever
    /// they start.
    @Test(arguments: HessianFree.Start.allCases) func findsTheMinimumOfAQuadraticInOneStep(_ start: HessianFree.Start)
        throws
    {
        let problem = Problem(Quadratic(batchSize: 1, dimensions: 3))
        let optimizer = HessianFree(learningRate: 1.0, iterations: 6, damping: .fixed(0), start: start)
        let losses = try optimize(problem, optimizer, steps: 2).losses
        #expect(losses[0] > 0.1)
        #expect(losses[1] < 1e-16 * losses[0] && losses[2] < 1e-16 * losses[0])
    }

    /// On a quadratic the model says what happens, damping aside, so damping shrinks by 2/3 each time; at a rate of 2.5 the
    /// step goes up the other side, and it grows by 3/2.
    @Test(arguments: [(1.0, 2.0 / 3), (2.5, 1.5)]) func dampingFollowsTheModel(rate: Double, factor: Double) throws {
        let problem = Problem(Quadratic(batchSize: 1, dimensions: 3))
        let optimizer = HessianFree(
            learningRate: LearningRate(rate), iterations: 4, damping: .levenbergMarquardt(initial: 1e-3), start: .zero)
        let state = try optimize(problem, optimizer, steps: 1).state
        #expect(abs(state[3] - 1e-3 * factor) < 1e-15)
    }

    @Test func learnsAStudent() throws {
        let problem = Problem.classification(
            dataset: Quarters.dataset, student: Student(inputs: 16, hidden: [8], classes: 4, initialization: .glorot),
            batchSize: 64)
        let free = try optimize(problem, HessianFree(iterations: 10), steps: 20).losses
        let descent = try optimize(problem, GradientDescent(learningRate: 1.0), steps: 20).losses
        #expect(free[20] < 0.5 * descent[20])
    }

    @Test func asksOnlyWhereThereIsAnAnswer() {
        let groups = ParameterGroups(HessianFree())
        let misfit = groups.misfit(with: Problem(Rastrigin(batchSize: 1, dimensions: 2)))
        #expect(misfit?.contains("Gauss-Newton") == true)
        #expect(groups.misfit(with: Problem(Quadratic())) == nil)
        let learned = ParameterGroups(RecurrentOptimizer(layers: [2]))
        #expect(groups.misfit(withMetaParametersOf: learned)?.contains("meta-training cannot tell") == true)
    }
}
