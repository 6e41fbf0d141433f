import TensorEngine

/// A factor of a layer's Fisher matrix, F = w Σ r rᵀ, known by its rows r on a minibatch.
public struct KroneckerFactor {
    /// `[rows…, elements…]`
    private let rows: Tensor
    private let rowDimensions: Int
    private let weight: Double
    /// Whether every row has a 1 after its elements.
    private let endsInOne: Bool

    init(rows: Tensor, rowDimensions: Int, weight: Double, endsInOne: Bool) {
        self.rows = rows
        self.rowDimensions = rowDimensions
        self.weight = weight
        self.endsInOne = endsInOne
    }

    private var rowCount: Int { rows.shape.sizes.prefix(rowDimensions).reduce(1, *) }
    private var elementCount: Int { rows.shape.count / rowCount }
    /// How long a row is.
    var side: Int { elementCount + (endsInOne ? 1 : 0) }

    /// F, `[side, side]`. Windows of a convolution are not copied for it.
    public var matrix: Tensor {
        let axes = Array(rows.shape.sizes.indices)
        let turned = rows.transposed(Array(axes[rowDimensions...] + axes[..<rowDimensions]))
        let square = turned.contraction(rows, depth: rowDimensions).reshaped([elementCount, elementCount])
        guard endsInOne else { return square * weight }
        let sums = rows.sum(axes: Array(0..<rowDimensions))
        let count = rows.constant(Double(rowCount), shape: [1, 1])
        return weight
            * Tensor.concatenating([
                Tensor.concatenating([square, sums.reshaped([elementCount, 1])], axis: 1),
                Tensor.concatenating([sums.reshaped([1, elementCount]), count], axis: 1),
            ])
    }

    /// The mean of F's diagonal, a scalar.
    var meanDiagonal: Tensor {
        (rows.squared().sum() + (endsInOne ? Double(rowCount) : 0)) * (weight / Double(side))
    }

    /// (F + γI)⁻¹ V, by whichever of F and the rows' own products is smaller: with R the rows,
    /// (w RᵀR + γI)⁻¹ = (I − Rᵀ (R Rᵀ + γ/w I)⁻¹ R) / γ (Woodbury 1950).
    ///
    /// Cost: with n rows of d elements, n < d, and V of k columns, 2n²d + 4ndk operations, and a ``DampedMatrix`` of n × n.
    ///
    /// - Parameters:
    ///   - vectors: V, `[side, columns]`.
    ///   - damping: γ, a scalar.
    func solved(_ vectors: Tensor, damping: Tensor) -> Tensor {
        guard rowCount < side else {
            return DampedMatrix(matrix, damping: damping).solved(vectors)
        }
        let list = rows.reshaped([rowCount, elementCount])
        let table =
            endsInOne
            ? Tensor.concatenating([list, list.constant(1, shape: [rowCount, 1])], axis: 1) : list
        let products = DampedMatrix(table.matrixProduct(table.transposed()), damping: damping * (1 / weight))
        let inRows = products.solved(table.matrixProduct(vectors))
        return (vectors - table.transposed().matrixProduct(inRows)) / damping
    }
}
