import TensorEngine

/// Rows and columns of the matrix that a parameter is: of a convolution's kernel its windows and its filters, of a vector a
/// single row.
struct MatrixSides {
    let rows: Int
    let columns: Int

    init(_ shape: Shape) {
        columns = shape.sizes.last ?? 1
        rows = shape.count / columns
    }
}
