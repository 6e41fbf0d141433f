import TensorKernels

/// Copies short rows of elements from one distance between them to another, with the kernels of this processor.
public struct RowCopy<Scalar: TensorScalar>: Sendable {
    private let kernel = Scalar.kernels.copyRows

    public init() {}

    /// - Parameters:
    ///   - outStride: from one row of `out` to the next, in elements.
    ///   - count: the length of a row.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func callAsFunction(
        to out: UnsafeMutablePointer<Scalar>, outStride: Int, from source: UnsafeMutablePointer<Scalar>,
        sourceStride: Int, rows: Int, count: Int
    ) {
        kernel(out, outStride, source, sourceStride, rows, count)
    }
}
