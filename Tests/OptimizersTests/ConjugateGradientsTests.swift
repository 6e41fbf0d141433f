import Optimizers
import TensorEngine
import TestSupport
import Testing

@Suite("Conjugate gradients")
struct ConjugateGradientsTests {
    @Test func agreeWithFloat64Figures() throws {
        let figures = try ReferenceFigures("pcg", in: .module)
        let inputs = ["A", "b", "P", "x0"].map { figures[$0].tensor.values }
        let expected = figures["iterations"].items
        try #require(expected.count == 4)
        let plan = Plan<Double>(
            .tracing([[6, 6], [6], [6], [6]]) { inputs in
                let (a, p) = (inputs[0], TensorVector([inputs[2]]))
                let solver = ConjugateGradients(iterations: 4, preconditioner: { p * $0 }) { vector in
                    TensorVector([a.matrixProduct(vector.tensors[0].reshaped([6, 1])).reshaped([6])])
                }
                return solver.iterates(TensorVector([inputs[1]]), from: TensorVector([inputs[3]])).flatMap {
                    [$0.solution.tensors[0], $0.residual.tensors[0], $0.stepLength]
                }
            })
        let found = plan(inputs)
        for (index, iteration) in expected.enumerated() {
            #expect(largestError(found[3 * index], iteration["x"].tensor.values) < 1e-9)
            #expect(largestError(found[3 * index + 1], iteration["residual"].tensor.values) < 1e-9)
            #expect(abs(found[3 * index + 2][0] - iteration["alpha"].number) < 1e-9)
        }
    }

    /// Two unknowns are found in two iterations; the third has nothing left to do, and does no harm. Nor does a solution
    /// that is there already, nor a direction without curvature.
    @Test func stopWhereThereIsNothingToDo() {
        let plan = Plan<Double>(
            .tracing([[2], [2], [2]]) { inputs in
                let solver = ConjugateGradients(iterations: 3, tolerance: 1e-12) { vector in
                    TensorVector([inputs[0] * vector.tensors[0]])
                }
                let ends = solver.iterates(TensorVector([inputs[1]]), from: TensorVector([inputs[2]]))
                return [ends[1].solution.tensors[0], ends[2].solution.tensors[0], ends[2].stepLength]
            })
        let solved = plan([[2, 5], [4, 10], [0, 0]])
        #expect(largestError(solved[0], [2, 2]) < 1e-12 && solved[1] == solved[0] && solved[2] == [0])
        let there = plan([[2, 5], [4, 10], [2, 2]])
        #expect(there[1] == [2, 2] && there[2] == [0])
        let flat = plan([[0, 0], [4, 10], [0, 0]])
        #expect(flat[1] == [0, 0] && flat[2] == [0])
    }
}
