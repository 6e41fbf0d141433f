import TensorEngine
import TestSupport
import Testing

@testable import Optimizers

@Suite("Equations with damped matrices")
struct DampedMatrixTests {
    /// Rows of elements whose scales spread over `decades` powers of ten.
    private func rows(_ count: Int, _ elements: Int, decades: Double) -> [Double] {
        var stream = RandomStream(RandomKey(seed: 5))
        return (0..<count * elements).map { index in
            let share = Double(index % elements) / Double(max(elements - 1, 1))
            var scale = 1.0
            for _ in 0..<Int(decades * share) { scale /= 10 }
            return stream.normal() * scale
        }
    }

    /// The largest element of (M + γI) X − I, where X solves for the identity, of M = RᵀR / n of so many rows R.
    private func error<Scalar: TensorScalar>(
        _: Scalar.Type, _ count: Int, rows: Int, decades: Double, damping: Double
    ) -> Double {
        let plan = Plan<Scalar>(
            .tracing([[rows, count], .scalar]) { all in
                let matrix = all[0].transposed().matrixProduct(all[0]) * (1 / Double(rows))
                let identity = Tensor.identity(count, like: matrix)
                let inverse = DampedMatrix(matrix, damping: all[1]).solved(identity)
                let product = (matrix + all[1] * identity).matrixProduct(inverse)
                return [(product - identity).absoluteValue().maximum(axes: [0, 1])]
            })
        let found = plan([self.rows(rows, count, decades: decades).map { Scalar($0) }, [Scalar(damping)]])
        return Double(found[0][0])
    }

    @Test(arguments: [1, 2, 3, 10, 49, 131]) func ofManySizes(count: Int) {
        #expect(error(Double.self, count, rows: count + 3, decades: 1, damping: 0.01) < 1e-12)
        #expect(error(Double.self, count, rows: count + 3, decades: 3, damping: 1e-5) < 1e-10)
        #expect(error(Float.self, count, rows: count + 3, decades: 3, damping: 1e-3) < 1e-3)
    }

    /// Of few rows, all but as many eigenvalues are γ itself; the largest is some 50.
    @Test(arguments: [1e-2, 1e-4, 1e-6]) func ofSingularMatrices(damping: Double) {
        #expect(error(Double.self, 128, rows: 8, decades: 0, damping: damping) < 1e-14 / damping)
    }

    @Test(arguments: [1, 1e-2, 1e-4]) func ofSingularMatricesInFloat(damping: Double) {
        #expect(error(Float.self, 128, rows: 8, decades: 0, damping: damping) < 1e-5 / damping)
    }

    @Test func ofMoreDampingThanMatrix() {
        #expect(error(Float.self, 5, rows: 5, decades: 0, damping: 1e10) < 1e-5)
    }

    /// With fewer rows than elements, the rows' own products are inverted in place of the factor.
    @Test(arguments: [false, true]) func wideFactorsAreSolvedByTheirRows(endsInOne: Bool) {
        let side = endsInOne ? 13 : 12
        let plan = Plan<Double>(
            .tracing([[2, 3, 12], [side, 2], .scalar]) { all in
                let factor = KroneckerFactor(rows: all[0], rowDimensions: 2, weight: 0.5, endsInOne: endsInOne)
                let matrix = factor.matrix
                let trace = (matrix * Tensor.identity(side, like: matrix)).sum() * (1 / Double(side))
                let product = matrix.matrixProduct(factor.solved(all[1], damping: all[2]))
                return [product + all[2] * factor.solved(all[1], damping: all[2]), trace, factor.meanDiagonal]
            })
        let vectors = rows(side, 2, decades: 0)
        let found = plan([rows(6, 12, decades: 1), vectors, [0.1]])
        #expect(largestError(found[0], vectors) < 1e-12)
        #expect(abs(found[1][0] - found[2][0]) < 1e-12)
    }
}
