import TensorEngine

/// Preconditioned conjugate gradients for A x = b with A symmetric and positive, traced (Hestenes and Stiefel 1952;
/// Nocedal and Wright 2006, algorithm 5.3).
///
/// The number of iterations is fixed when it is traced. One that would divide by nothing, since the residual is 0 or the
/// direction has no curvature, changes nothing, and none changes anything after the residual is small.
/// Cost: a product with A an iteration, and one for the first residual.
public struct ConjugateGradients {
    /// A v.
    private let product: (TensorVector) -> TensorVector
    /// P, with which a residual is multiplied; nil for the identity.
    private let preconditioner: ((TensorVector) -> TensorVector)?
    private let iterations: Int
    private let tolerance: Double

    /// - Parameters:
    ///   - preconditioner: near to the inverse of A, symmetric and positive; nil for the identity.
    ///   - tolerance: the norm of the residual below which nothing more changes.
    public init(
        iterations: Int, tolerance: Double = 0, preconditioner: ((TensorVector) -> TensorVector)? = nil,
        product: @escaping (TensorVector) -> TensorVector
    ) {
        self.product = product
        self.preconditioner = preconditioner
        self.iterations = iterations
        self.tolerance = tolerance
    }

    /// Where an iteration ends.
    public struct Iterate {
        public let solution: TensorVector
        /// b − A x.
        public let residual: TensorVector
        /// How far along the direction the iteration went, a scalar.
        public let stepLength: Tensor
    }

    /// - Parameters:
    ///   - start: x₀.
    ///   - known: b − A x₀, where that is known.
    /// - Returns: the end of each iteration.
    public func iterates(
        _ b: TensorVector, from start: TensorVector, residual known: TensorVector? = nil
    ) -> [Iterate] {
        var (solution, residual) = (start, known ?? b - product(start))
        var preconditioned = preconditioner?(residual) ?? residual
        var direction = preconditioned
        var alignment = residual.innerProduct(preconditioned)
        return (0..<iterations).map { _ in
            let image = product(direction)
            let stepLength = quotient(
                alignment, direction.innerProduct(image), while: residual.innerProduct(residual))
            solution = solution + stepLength * direction
            residual = residual - stepLength * image
            preconditioned = preconditioner?(residual) ?? residual
            let next = residual.innerProduct(preconditioned)
            direction = preconditioned + quotient(next, alignment, while: next) * direction
            alignment = next
            return Iterate(solution: solution, residual: residual, stepLength: stepLength)
        }
    }

    /// A quotient of scalars; 0 where the divisor is not positive, or the residual's square is small.
    private func quotient(_ dividend: Tensor, _ divisor: Tensor, while square: Tensor) -> Tensor {
        let (zero, one) = (divisor.filled(with: 0), divisor.filled(with: 1))
        let isPositive = divisor.isGreater(than: zero)
        // Divided by 1 there: a derivative through the branch that isn't taken must be a number.
        let value = dividend / isPositive.select(divisor, one)
        let isOn = isPositive * square.isGreater(than: square.filled(with: tolerance * tolerance))
        return isOn.isGreater(than: zero).select(value, zero)
    }
}
