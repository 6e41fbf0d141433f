@_exported import KernelTemplates

/// An element type that tensors may have.
public protocol TensorScalar: BinaryFloatingPoint, SIMDScalar, Sendable {
    /// The kernels chosen for this processor, once, at start (`JOURNAL_KERNELS` forces a table by name).
    static var kernels: KernelTable<Self> { get }
}
