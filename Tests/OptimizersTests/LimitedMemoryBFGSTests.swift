import Optimizers
import TensorEngine
import TestSupport
import Testing

/// L-BFGS against the dense formulas that its recursion stands for, on a function of six variables.
@Suite struct LimitedMemoryBFGSTests {
    /// xᵀAx / 2 + Σ x⁴ / 4.
    private struct Bowl: Landscape {
        let matrix: Tensor

        func loss(at parameters: [Tensor]) -> Tensor {
            let x = parameters[0]
            return 0.5 * (x * product(x)).sum() + 0.25 * x.squared().squared().sum()
        }
        func gradient(at parameters: [Tensor]) -> [Tensor] {
            let x = parameters[0]
            return [product(x) + x * x.squared()]
        }
        private func product(_ x: Tensor) -> Tensor { matrix.matrixProduct(x.reshaped([6, 1])).reshaped([6]) }

        func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor] { vector }
        func hessianProduct(_ vector: [Tensor]) -> [Tensor] { vector }
        func layerStatistics(number: Tensor) -> [LayerStatistics] { [] }
    }

    private let figures = try! ReferenceFigures("rules", in: .module)["lbfgs"]
    private let described = [Parameter("x", [6])]

    /// The parameters after each step, and the state after the last.
    private func run(
        _ optimizer: LimitedMemoryBFGS, matrix: [Double], from start: [Double], steps: Int
    ) -> (trajectory: [[Double]], state: [[Double]]) {
        let state = optimizer.state(of: described)
        let plan = Plan<Double>(
            .tracing([[6, 6], [6], .scalar] + state.map(\.shape)) { inputs in
                let landscape = Bowl(matrix: inputs[0])
                let parameters = [inputs[1]]
                let updated = optimizer.update(
                    OptimizationPoint(
                        described: described, parameters: parameters, gradient: landscape.gradient(at: parameters),
                        loss: landscape.loss(at: parameters), state: Array(inputs.dropFirst(3)),
                        schedule: [inputs[2]], landscape: landscape), metaParameters: [])
                return updated.parameters + updated.state
            })
        var (x, values) = (start, state.map { Array(repeating: $0.initial, count: $0.shape.count) })
        var trajectory: [[Double]] = []
        for step in 1...steps {
            let results = plan([matrix, x, optimizer.scheduleValues(step: step)] + values)
            (x, values) = (results[0], Array(results.dropFirst()))
            trajectory.append(x)
        }
        return (trajectory, values)
    }

    @Test(arguments: [("0.5 3 0", 0.5, 3, 0), ("1 10 0", 1, 10, 0), ("4 4 6", 4, 4, 6)])
    func followsTheDenseFormulas(name: String, rate: Double, history: Int, halvings: Int) {
        let optimizer = LimitedMemoryBFGS(learningRate: LearningRate(rate), history: history, halvings: halvings)
        let expected = figures["trajectories"][name].items.map(\.numbers)
        let found = run(
            optimizer, matrix: figures["matrix"].numbers, from: figures["start"].numbers, steps: expected.count)
        for (step, other) in zip(found.trajectory, expected) {
            #expect(largestError(step, other) < 1e-9 * max(1, other.map(abs).max() ?? 1))
        }
    }

    /// Along a step without curvature the memory stays as it was.
    @Test func whatCurvesDownIsNotRemembered() {
        let flat = (0..<36).map { $0 % 7 == 0 ? -1.0 : 0 }
        let optimizer = LimitedMemoryBFGS(learningRate: 0.1, history: 2)
        let found = run(optimizer, matrix: flat, from: Array(repeating: 1e-3, count: 6), steps: 3)
        #expect(found.state.flatMap { $0 } == [Double](repeating: 0, count: 26) + [1])
        #expect(found.trajectory[2].allSatisfy { $0 > 1e-3 })
    }

    @Test func lossesAreAskedForWhereStepsAreHalved() {
        #expect(LimitedMemoryBFGS().demands == [.gradientElsewhere])
        #expect(LimitedMemoryBFGS(halvings: 1).demands == [.gradientElsewhere, .lossElsewhere])
    }
}
