import Formats
import Nouns
import TensorEngine

/// SOAP (Vyas et al. 2024, algorithm 3): Adam in the eigenbasis of Shampoo's preconditioner, of each matrix.
///
/// With G' = Q_LᵀG Q_R and M' the mean of gradients turned likewise, the step is Q_L (M' / (√V + ε)) Q_Rᵀ, with V the mean of
/// squares of G'. Q_L and Q_R follow the eigenvectors of the means L of G Gᵀ and R of Gᵀ G: every so many steps by one power
/// iteration and an orthogonalization, Q' = QR(L Q), with columns in the order of their eigenvalues, which V follows. Vectors,
/// and sides longer than `longestSide`, are not turned.
///
/// As in the authors' program, the first gradient goes into L and R alone, corrections of bias count from the second, and
/// weight decay comes after the step. Other than there, bases begin at one power iteration from the identity in place of
/// eigenvectors of the first gradient's L and R.
///
/// Cost: some thirty products of a square matrix of each side's length a step, whether the bases are due or not.
public struct RotatedAdam: Optimizer {
    public let learningRate: LearningRate
    public let beta1: Double
    public let beta2: Double
    /// Of L and R.
    public let shampooBeta: Double
    public let epsilon: Double
    public let weightDecay: Double
    /// Steps from one change of the bases to the next.
    public let frequency: Int
    public let longestSide: Int

    public init(
        learningRate: LearningRate = 0.003, beta1: Double = 0.95, beta2: Double = 0.95, shampooBeta: Double = 0.95,
        epsilon: Double = 1e-8, weightDecay: Double = 0.01, frequency: Int = 1, longestSide: Int = 256
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.shampooBeta = shampooBeta
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.frequency = frequency
        self.longestSide = longestSide
    }

    /// The lengths of the sides of a parameter that are turned, by the axis.
    private func turnedSides(_ shape: Shape) -> [(axis: Int, length: Int)] {
        let sides = MatrixSides(shape)
        guard sides.rows > 1, sides.columns > 1 else { return [] }
        return [(0, sides.rows), (1, sides.columns)].filter { $1 <= longestSide }
    }

    /// Of each parameter the two means as a matrix, and for each side that is turned the mean of products and Q less the
    /// identity.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        parameters.flatMap { parameter in
            let sides = MatrixSides(parameter.shape)
            let means = ["mean", "square"].map {
                CarriedTensor("\($0)/\(parameter.name)", [sides.rows, sides.columns])
            }
            return means
                + turnedSides(parameter.shape).flatMap { axis, length in
                    ["products", "turn"].map {
                        CarriedTensor("\($0)\(axis)/\(parameter.name)", [length, length])
                    }
                }
        }
    }

    /// The rate with its correction, the shares of a gradient in the two means, 1 − η λ, and whether bases are due.
    public func scheduleValues(step: Int) -> [Double] {
        let isDue: Double = (step - 1).isMultiple(of: frequency) ? 1 : 0
        guard step > 1 else { return [0, 0, 0, 1, isDue] }
        let rate = learningRate.value(step: step)
        let correction = (1 - power(beta2, step - 1)).squareRoot() / (1 - power(beta1, step - 1))
        return [rate * correction, 1 - beta1, 1 - beta2, 1 - rate * weightDecay, isDue]
    }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        var updated = OptimizationPoint.Updated(parameters: [], state: [])
        var state = point.state[...]
        for (parameter, tensor) in zip(point.parameters, point.gradient) {
            let sides = MatrixSides(parameter.shape)
            let gradient = tensor.reshaped([sides.rows, sides.columns])
            let mean = towards(gradient, from: state.removeFirst(), by: point.schedule[1])
            let oldSquare = state.removeFirst()
            var axes = turnedSides(parameter.shape).map { axis, _ in
                Axis(axis, products: state.removeFirst(), turn: state.removeFirst())
            }
            func turned(_ matrix: Tensor) -> Tensor { axes.reduce(matrix) { $1.turned($0) } }
            let square = towards(turned(gradient).squared(), from: oldSquare, by: point.schedule[2])
            let direction = axes.reduce(turned(mean) / (square.squareRoot() + epsilon)) { $1.turnedBack($0) }
            updated.parameters.append(
                (parameter - point.schedule[0] * direction.reshaped(parameter.shape)) * point.schedule[3])
            var sortedSquare = square
            for index in axes.indices {
                sortedSquare = axes[index].follow(
                    gradient, share: 1 - shampooBeta, isDue: point.schedule[4], sorting: sortedSquare)
            }
            updated.state += [mean, sortedSquare] + axes.flatMap { [$0.products, $0.turn] }
        }
        return updated
    }

    private func towards(_ new: Tensor, from old: Tensor, by share: Tensor) -> Tensor { old + share * (new - old) }

    /// One side of a matrix: 0 for its rows' indices, 1 for its columns'.
    private struct Axis {
        private let number: Int
        /// L or R.
        private(set) var products: Tensor
        /// Q less the identity.
        private(set) var turn: Tensor
        private let basis: Tensor

        init(_ number: Int, products: Tensor, turn: Tensor) {
            self.number = number
            self.products = products
            self.turn = turn
            basis = turn + Tensor.identity(turn.shape[0], like: turn)
        }

        func turned(_ matrix: Tensor) -> Tensor { multiplied(matrix, by: basis) }
        func turnedBack(_ matrix: Tensor) -> Tensor { multiplied(matrix, by: basis.transposed()) }

        /// Columns of another matrix along the axis: AᵀX of rows, XA of columns.
        private func multiplied(_ matrix: Tensor, by other: Tensor) -> Tensor {
            number == 0 ? other.transposed().matrixProduct(matrix) : matrix.matrixProduct(other)
        }

        /// Takes a gradient into the products and, where that is due, has the basis follow.
        ///
        /// - Returns: the matrix with its rows or columns in the order that the basis then has.
        mutating func follow(_ gradient: Tensor, share: Double, isDue: Tensor, sorting matrix: Tensor) -> Tensor {
            let matrices = number == 0 ? (gradient, gradient.transposed()) : (gradient.transposed(), gradient)
            products = products + share * (matrices.0.matrixProduct(matrices.1) - products)
            let iterated = products.matrixProduct(basis)
            let order = Self.order(descending: (basis * iterated).sum(axes: [0]))
            let next = Orthogonalization.basis(of: iterated.matrixProduct(order))
            func ifDue(_ new: Tensor, _ old: Tensor) -> Tensor { isDue.broadcast(to: old.shape).select(new, old) }
            turn = ifDue(next - Tensor.identity(turn.shape[0], like: turn), turn)
            return ifDue(multiplied(matrix, by: order), matrix)
        }

        /// The permutation matrix P such that the columns of X P are those of X in the order of these values, the largest
        /// first: column i goes to the place that as many come before. Of equals the first comes first.
        ///
        /// - Parameter values: `[1, count]`.
        private static func order(descending values: Tensor) -> Tensor {
            let count = values.shape[1]
            let column = values.reshaped([count, 1])
            let places = Tensor.wholeNumbers(count, like: values)
            let (place, other) = (places.reshaped([count, 1]), places.reshaped([1, count]))
            let comesBefore =
                values.isGreater(than: column) + values.isEqual(to: column) * place.isGreater(than: other)
            return comesBefore.sum(axes: [1]).isEqual(to: other)
        }
    }
}

extension UpdateRuleKind {
    public static let rotatedAdam = UpdateRuleKind(
        "soap", "SOAP: Adam in the eigenbasis of Shampoo's preconditioner (Vyas et al. 2024).", learningRate: 0.003,
        fields: [
            Field("beta1", .number(.decay), default: 0.95, "Decay of the average of gradients."),
            Field("beta2", .number(.decay), default: 0.95, "Decay of the average of squared gradients."),
            Field("shampooBeta", .number(.decay), default: 0.95, "Decay of the averages of gradients' products."),
            .epsilon(1e-8), .weightDecay(0.01),
            Field(
                "frequency", .number(.count), default: 1,
                "Steps from one change of the bases to the next. The authors have 10, to save time that it does not take here."
            ),
            Field(
                "longestSide", .number(.whole(1...4096)), default: 256, "Longer sides of a matrix are left alone."),
        ]
    ) { rate, settings in
        RotatedAdam(
            learningRate: rate, beta1: settings.number("beta1"), beta2: settings.number("beta2"),
            shampooBeta: settings.number("shampooBeta"), epsilon: settings.number("epsilon"),
            weightDecay: settings.number("weightDecay"), frequency: settings.integer("frequency"),
            longestSide: settings.integer("longestSide"))
    }
}
