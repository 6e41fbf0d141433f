import TensorEngine

/// Goes through the averages of factors that are kept, factor by factor, and gathers the new ones.
struct FactorAverages {
    /// What of the old state has not been taken.
    private(set) var rest: ArraySlice<Tensor>
    private(set) var updated: [Tensor] = []
    private let decay: Tensor
    private let longestSide: Int

    /// A factor to solve with: an average, or a minibatch's own.
    enum Averaged {
        case average(Tensor)
        case minibatch(KroneckerFactor)

        /// A scalar.
        var meanDiagonal: Tensor {
            switch self {
            case .average(let matrix):
                let side = matrix.shape[0]
                return (matrix * Tensor.identity(side, like: matrix)).sum() * (1 / Double(side))
            case .minibatch(let factor): return factor.meanDiagonal
            }
        }

        /// (F + γI)⁻¹ V, of V `[side, columns]` and a scalar γ.
        func solved(_ vectors: Tensor, damping: Tensor) -> Tensor {
            switch self {
            case .average(let matrix): matrix.dampedInverse(damping).matrixProduct(vectors)
            case .minibatch(let factor): factor.solved(vectors, damping: damping)
            }
        }
    }

    /// - Parameter decay: how much of an average stays, a scalar.
    init(_ state: ArraySlice<Tensor>, decay: Tensor, longestSide: Int) {
        rest = state
        self.decay = decay
        self.longestSide = longestSide
    }

    /// The average with a minibatch's factor, where one is kept: where no side is longer than `longestSide`.
    mutating func averaged(_ factor: KroneckerFactor) -> Averaged {
        guard factor.side <= longestSide else { return .minibatch(factor) }
        let average = decay * rest.removeFirst() + (1 - decay) * factor.matrix
        updated.append(average)
        return .average(average)
    }
}
