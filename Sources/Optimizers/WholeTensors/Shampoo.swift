import Formats
import Nouns
import TensorEngine

/// Shampoo (Gupta, Koren and Singer 2018, algorithm 1): gradient descent preconditioned from both sides of each matrix.
///
/// L' = L + G Gᵀ, R' = R + Gᵀ G, both εI at first; θ' = θ − η L'^(−1/4) G R'^(−1/4). A convolution's kernel is the matrix
/// of its windows by its filters, a vector one of a single row. A side longer than `longestSide` is left alone, and the
/// other one then has the exponent −1/2 (section 4). Roots are found by a coupled Newton iteration (Iannazzo 2006), as in
/// Anil et al. 2020.
///
/// Cost: some sixty products of a square matrix of each side's length a step.
public struct Shampoo: Optimizer {
    public let learningRate: LearningRate
    public let epsilon: Double
    public let longestSide: Int

    public init(learningRate: LearningRate = 0.1, epsilon: Double = 1e-4, longestSide: Int = 256) {
        self.learningRate = learningRate
        self.epsilon = epsilon
        self.longestSide = longestSide
    }

    /// Which sides of a parameter are preconditioned.
    private func preconditions(_ shape: Shape) -> (rows: Bool, columns: Bool) {
        let sides = MatrixSides(shape)
        func isShort(_ length: Int) -> Bool { length > 1 && length <= longestSide }
        return (isShort(sides.rows), isShort(sides.columns))
    }

    /// The sums of G Gᵀ and Gᵀ G, without ε.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        parameters.flatMap { parameter in
            let (sides, has) = (MatrixSides(parameter.shape), preconditions(parameter.shape))
            return (has.rows ? [CarriedTensor("rows/\(parameter.name)", [sides.rows, sides.rows])] : [])
                + (has.columns ? [CarriedTensor("columns/\(parameter.name)", [sides.columns, sides.columns])] : [])
        }
    }

    /// η.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        var updated = OptimizationPoint.Updated(parameters: [], state: [])
        var state = point.state[...]
        for (parameter, gradient) in zip(point.parameters, point.gradient) {
            let (sides, has) = (MatrixSides(parameter.shape), preconditions(parameter.shape))
            let matrix = gradient.reshaped([sides.rows, sides.columns])
            let root = has.rows && has.columns ? 4 : 2
            var direction = matrix
            if has.rows {
                let sum = state.removeFirst() + matrix.matrixProduct(matrix.transposed())
                direction = inverseRoot(sum, root).matrixProduct(direction)
                updated.state.append(sum)
            }
            if has.columns {
                let sum = state.removeFirst() + matrix.transposed().matrixProduct(matrix)
                direction = direction.matrixProduct(inverseRoot(sum, root))
                updated.state.append(sum)
            }
            updated.parameters.append(parameter - point.schedule[0] * direction.reshaped(parameter.shape))
        }
        return updated
    }

    /// (A + εI)^(−1/p), for p of 2 or 4.
    ///
    /// With M = z (A + εI) and X = z^(1/p) I, where z brings eigenvalues below 1 or little above: T = ((p + 1) I − M) / p,
    /// X' = X T, M' = Tᵖ M, until M is the identity.
    private func inverseRoot(_ matrix: Tensor, _ p: Int) -> Tensor {
        let count = matrix.shape[0]
        let identity = Tensor.identity(count, like: matrix)
        let damped = matrix + epsilon * identity
        // The Frobenius norm is no smaller than the largest eigenvalue.
        let scale = Double(p + 1) / (2 * damped.squared().sum().squareRoot())
        var m = damped * scale
        var x = identity * (p == 4 ? scale.squareRoot().squareRoot() : scale.squareRoot())
        for _ in 0..<Self.iterations {
            let t = (Double(p + 1) * identity - m) * (1 / Double(p))
            x = x.matrixProduct(t)
            let square = t.matrixProduct(t)
            m = (p == 4 ? square.matrixProduct(square) : square).matrixProduct(m)
        }
        return x
    }

    /// An eigenvalue that is a thousandth of the largest takes some fifteen.
    private static let iterations = 16
}

extension UpdateRuleKind {
    public static let shampoo = UpdateRuleKind(
        "shampoo", "Gradient descent preconditioned from both sides of each matrix (Gupta et al. 2018).",
        learningRate: 0.1,
        fields: [
            Field(
                "epsilon", .number(.positive), default: 1e-4,
                "Added to the diagonals of the sums of gradients' products."),
            Field(
                "longestSide", .number(.whole(1...4096)), default: 256, "Longer sides of a matrix are left alone."),
        ]
    ) { rate, settings in
        Shampoo(
            learningRate: rate, epsilon: settings.number("epsilon"), longestSide: settings.integer("longestSide"))
    }
}
