import TensorEngine

extension Tensor {
    /// (M + γI)⁻¹ of a symmetric matrix M without negative eigenvalues, `[count, count]`, by products alone.
    ///
    /// Large matrices are cut in four up to three times and inverted by way of their Schur complements, whose eigenvalues
    /// lie between those of the whole; what is left by Newton and Schulz's iteration, scaled (``ScaledNewtonSchulz``).
    /// Cost: about 2.5 count³ multiplications of a large matrix.
    ///
    /// - Parameter damping: γ, a scalar greater than 0.
    func dampedInverse(_ damping: Tensor) -> Tensor {
        let damped = self + damping * Tensor.identity(shape[0], like: self)
        return ScaledNewtonSchulz(largest: damped.squared().sum().squareRoot(), least: damping)
            .inverse(damped, halvings: 3)
    }
}

/// Newton and Schulz's iteration X' = X (2I − M X) from a multiple of the identity (Schulz 1933), in which each X is scaled so
/// that the eigenvalues of M X lie symmetrically around 1.
///
/// They begin between δ and 2 − δ with δ = 2l / (l + u), of eigenvalues of M between l and u. One iteration brings them
/// between d = δ (2 − δ) and 1, scaling by 2 / (1 + d) between δ' = 2d / (1 + d) and 2 − δ': a small δ becomes four times as
/// large, where it would double without. So 18 iterations invert to rounding wherever u / l is below 10⁷. Beyond, l is taken
/// to be u / 10⁷, for the sake of single precision: eigenvalues far below come out as less than their inverses.
private struct ScaledNewtonSchulz {
    private let start: Tensor
    private let scales: [Tensor]

    private static let iterations = 18
    /// The longest side that is not cut.
    private static let shortSide = 48

    /// - Parameters:
    ///   - largest: a scalar that no eigenvalue exceeds.
    ///   - least: a scalar that none is below.
    init(largest: Tensor, least: Tensor) {
        start = 2 / (largest + least)
        var delta = start * least.maximum(1e-7 * largest)
        var scales: [Tensor] = []
        for _ in 0..<Self.iterations {
            let lowest = delta * (2 - delta)
            let scale = 2 / (lowest + 1)
            delta = scale * lowest
            scales.append(scale)
        }
        self.scales = scales
    }

    /// - Parameter halvings: how often it may be cut.
    func inverse(_ matrix: Tensor, halvings: Int) -> Tensor {
        let count = matrix.shape[0]
        return halvings > 0 && count > Self.shortSide
            ? inverseByParts(matrix, halvings: halvings - 1) : inverseByIteration(matrix)
    }

    private func inverseByIteration(_ matrix: Tensor) -> Tensor {
        var x = start * Tensor.identity(matrix.shape[0], like: matrix)
        for scale in scales { x = scale * (2 * x - x.matrixProduct(matrix).matrixProduct(x)) }
        return x
    }

    /// Of [A, B; Bᵀ, D]: with C = A⁻¹B and S = D − BᵀC, [A⁻¹ + C S⁻¹ Cᵀ, −C S⁻¹; −S⁻¹ Cᵀ, S⁻¹].
    private func inverseByParts(_ matrix: Tensor, halvings: Int) -> Tensor {
        let count = matrix.shape[0]
        let (first, second) = (0..<count / 2, count / 2..<count)
        func part(_ rows: Range<Int>, _ columns: Range<Int>) -> Tensor {
            matrix.sliced(rows).sliced(columns, axis: 1)
        }
        let corner = inverse(part(first, first), halvings: halvings)
        let beside = part(first, second)
        let solved = corner.matrixProduct(beside)
        let complement = part(second, second) - beside.transposed().matrixProduct(solved)
        let rest = inverse(complement, halvings: halvings)
        let across = solved.matrixProduct(rest)
        return Tensor.concatenating([
            Tensor.concatenating([corner + across.matrixProduct(solved.transposed()), -across], axis: 1),
            Tensor.concatenating([-across.transposed(), rest], axis: 1),
        ])
    }
}
