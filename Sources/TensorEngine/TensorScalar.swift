import TensorKernels

/// An element type that tensors may have: `Float` or `Double`.
public typealias TensorScalar = TensorKernels.TensorScalar
