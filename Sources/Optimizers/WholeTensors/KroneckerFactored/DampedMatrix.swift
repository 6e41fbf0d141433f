import TensorEngine

/// M + γI, of a symmetric matrix M without negative eigenvalues, to solve linear equations with: by the inverse W of its
/// Cholesky factor, (M + γI)⁻¹ = WᵀW.
///
/// The factor is found by halves. Of [A, B; Bᵀ, D] with W₁ that of A and K = W₁B, the Schur complement of A is D − KᵀK; with
/// W₂ that of the complement, W = [W₁, 0; −W₂KᵀW₁, W₂]. Going down to single numbers, no iteration has to converge. Those
/// numbers, the pivots, are at least γ, and are held to it: rounding makes no roots of negative numbers. (Inverses of the
/// parts in place of their factors would need no root, but err by the square of the condition number.)
///
/// Cost: 4/3 side³ operations and some fifteen nodes of the graph for each row.
struct DampedMatrix {
    /// `[side, side]`, lower triangular.
    private let inverseFactor: Tensor

    /// - Parameters:
    ///   - matrix: M, `[side, side]`.
    ///   - damping: γ, a scalar greater than 0.
    init(_ matrix: Tensor, damping: Tensor) {
        let identity = Tensor.identity(matrix.shape[0], like: matrix)
        inverseFactor = Self.inverseFactor(of: matrix + damping * identity, leastPivot: damping.reshaped([1, 1]))
    }

    /// (M + γI)⁻¹ V, of V `[side, columns]`.
    func solved(_ vectors: Tensor) -> Tensor {
        inverseFactor.transposed().matrixProduct(inverseFactor.matrixProduct(vectors))
    }

    /// The inverse of a matrix's Cholesky factor, lower triangular.
    ///
    /// - Parameter leastPivot: what pivots are held to, `[1, 1]`.
    static func inverseFactor(of matrix: Tensor, leastPivot: Tensor) -> Tensor {
        let count = matrix.shape[0]
        guard count > 1 else { return 1 / matrix.maximum(leastPivot).squareRoot() }
        let (first, second) = (0..<count / 2, count / 2..<count)
        func part(_ rows: Range<Int>, _ columns: Range<Int>) -> Tensor {
            matrix.sliced(rows).sliced(columns, axis: 1)
        }
        let corner = inverseFactor(of: part(first, first), leastPivot: leastPivot)
        let across = corner.matrixProduct(part(first, second))
        let complement = part(second, second) - across.transposed().matrixProduct(across)
        let rest = inverseFactor(of: complement, leastPivot: leastPivot)
        let below = -rest.matrixProduct(across.transposed()).matrixProduct(corner)
        let zeros = matrix.constant(0, shape: [first.count, second.count])
        return Tensor.concatenating([
            Tensor.concatenating([corner, zeros], axis: 1), Tensor.concatenating([below, rest], axis: 1),
        ])
    }
}
