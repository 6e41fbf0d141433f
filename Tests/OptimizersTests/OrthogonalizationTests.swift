import TensorEngine
import TestSupport
import Testing

@testable import Optimizers

/// Q of QR decompositions.
@Suite struct OrthogonalizationTests {
    private func basis<Scalar: TensorScalar>(of matrix: [Scalar], side: Int) -> [Scalar] {
        let shape: Shape = [side, side]
        return Plan<Scalar>(.tracing([shape]) { [Orthogonalization.basis(of: $0[0])] })([matrix])[0]
    }

    /// AᵀB of matrices of a side, in Double.
    private func product<Scalar: TensorScalar>(_ a: [Scalar], _ b: [Scalar], side: Int) -> [[Double]] {
        (0..<side).map { row in
            (0..<side).map { column in
                (0..<side).reduce(0) { $0 + Double(a[$1 * side + row]) * Double(b[$1 * side + column]) }
            }
        }
    }

    /// A matrix whose columns become smaller by a factor each.
    private func drawn(side: Int, factor: Double) -> [Double] {
        var stream = RandomStream(RandomKey(seed: UInt64(side)))
        return (0..<side * side).map { index in
            (0..<index % side).reduce(stream.normal()) { number, _ in number * factor }
        }
    }

    @Test(arguments: [(1, 1.0), (2, 1), (5, 0.5), (20, 1), (13, 0.5)])
    func columnsAreOrthonormalAndRIsUpperTriangular(side: Int, factor: Double) {
        let matrix = drawn(side: side, factor: factor)
        let basis = basis(of: matrix, side: side)
        let (square, triangle) = (product(basis, basis, side: side), product(basis, matrix, side: side))
        for row in 0..<side {
            #expect(triangle[row][row] > 0)
            for column in 0..<side {
                #expect(abs(square[row][column] - (row == column ? 1 : 0)) < 1e-10)
                if column < row { #expect(abs(triangle[row][column]) < 1e-10) }
            }
        }
    }

    /// In single precision, and where most directions are missing: what rounding leaves is a basis all the same.
    @Test(arguments: [(6, 5), (40, 3), (40, 39), (40, 0)]) func whatIsMissingDoesNoHarm(side: Int, rank: Int) {
        var stream = RandomStream(RandomKey(seed: 3))
        let factors = (0..<2 * rank * side).map { _ in stream.normal() }
        let matrix = (0..<side * side).map { index in
            (0..<rank).reduce(Float(0)) { sum, place in
                sum + Float(factors[index / side * rank + place] * factors[(rank + place) * side + index % side])
            }
        }
        let basis = basis(of: matrix, side: side)
        #expect(basis.allSatisfy { $0.isFinite })
        let square = product(basis, basis, side: side)
        for column in 0..<side {
            #expect(square[column][column] < 1.001)
            if column < rank { #expect(abs(square[column][column] - 1) < 1e-3) }
        }
    }
}
