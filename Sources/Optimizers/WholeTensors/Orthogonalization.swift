import TensorEngine

/// Q of the decomposition A = QR of a square matrix, with R upper triangular and its diagonal positive.
///
/// By Cholesky factors (shifted CholeskyQR: Fukaya, Kannan, Nakatsukasa, Yamamoto and Yanagisawa 2020): where AᵀA + σI = RᵀR,
/// AR⁻¹ has the columns of Q, but shorter by s / √(s² + σ) where A has a share s of a direction, and the shift keeps rounding
/// from making the factor large, in single precision too. Again and again, columns come to their length: what is a
/// ten-thousandth of the largest comes within 10⁻¹² of it, and of directions that A does not have, rounding leaves what
/// is orthogonal to the others, or nothing.
///
/// Cost: 19 side³ operations, and some seventy nodes of the graph for each row.
enum Orthogonalization {
    /// σ, at first as a share of the squared norm.
    private static let shift = 1e-5
    private static let rounds = 4

    /// - Parameter matrix: `[side, side]`.
    static func basis(of matrix: Tensor) -> Tensor {
        let identity = Tensor.identity(matrix.shape[0], like: matrix)
        // Away from 0, so that a matrix of zeros stays one.
        let norm = matrix.squared().sum().reshaped([1, 1]) + 1e-30
        let begun = shifted(matrix, shift * norm, identity)
        return (1..<rounds).reduce(begun) { basis, _ in
            // A column of length 1 keeps it.
            shifted(basis, matrix.constant(shift, shape: [1, 1]), identity) * (1 + shift).squareRoot()
        }
    }

    /// AR⁻¹.
    private static func shifted(_ matrix: Tensor, _ shift: Tensor, _ identity: Tensor) -> Tensor {
        let square = matrix.transposed().matrixProduct(matrix)
        let inverse = DampedMatrix.inverseFactor(of: square + shift * identity, leastPivot: shift)
        return matrix.matrixProduct(inverse.transposed())
    }
}
