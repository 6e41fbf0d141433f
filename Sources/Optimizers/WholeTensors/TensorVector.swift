import TensorEngine

/// All parameters' tensors as one vector, traced.
///
/// Operations are those of a vector space; two vectors have the same shapes in the same order.
public struct TensorVector {
    public var tensors: [Tensor]

    /// - Precondition: there is at least one tensor.
    public init(_ tensors: [Tensor]) {
        precondition(!tensors.isEmpty, "a vector of no tensors has no trace")
        self.tensors = tensors
    }

    /// The sum over all elements of products, a scalar.
    public func innerProduct(_ other: TensorVector) -> Tensor {
        let parts = zip(tensors, other.tensors).map { ($0 * $1).sum() }
        return parts.dropFirst().reduce(parts[0], +)
    }

    /// The Euclidean norm, a scalar.
    public var norm: Tensor { innerProduct(self).squareRoot() }

    public static func + (first: TensorVector, second: TensorVector) -> TensorVector {
        TensorVector(zip(first.tensors, second.tensors).map(+))
    }

    public static func - (first: TensorVector, second: TensorVector) -> TensorVector {
        TensorVector(zip(first.tensors, second.tensors).map(-))
    }

    /// Element by element.
    public static func * (first: TensorVector, second: TensorVector) -> TensorVector {
        TensorVector(zip(first.tensors, second.tensors).map(*))
    }

    public static func * (factor: Tensor, vector: TensorVector) -> TensorVector {
        TensorVector(vector.tensors.map { factor * $0 })
    }

    public static func * (factor: Double, vector: TensorVector) -> TensorVector {
        TensorVector(vector.tensors.map { factor * $0 })
    }
}
