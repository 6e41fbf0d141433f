import TensorEngine

/// Goes through the averages of factors that are kept, factor by factor, and gathers the new ones.
struct FactorAverages {
    /// What of the old state has not been taken.
    private(set) var rest: ArraySlice<Tensor>
    private(set) var updated: [Tensor] = []
    private let decay: Tensor
    private let longestSide: Int

    /// A factor to solve with: an average, or a minibatch's own.
    struct Averaged {
        /// A scalar.
        let meanDiagonal: Tensor
        private let side: Int
        private let solve: (_ vectors: Tensor, _ damping: Tensor) -> Tensor

        /// - Parameter average: `[side, side]`.
        init(average: Tensor) {
            side = average.shape[0]
            meanDiagonal = (average * Tensor.identity(side, like: average)).sum() * (1 / Double(side))
            solve = { DampedMatrix(average, damping: $1).solved($0) }
        }

        init(minibatch factor: KroneckerFactor) {
            side = factor.side
            meanDiagonal = factor.meanDiagonal
            solve = { factor.solved($0, damping: $1) }
        }

        /// (F + γI)⁻¹ V, of V `[side, columns]` and a scalar γ, which is taken to be at least a millionth of F's trace: of
        /// smaller eigenvalues, single precision knows not even the sign.
        func solved(_ vectors: Tensor, damping: Tensor) -> Tensor {
            solve(vectors, damping.maximum(meanDiagonal * (1e-6 * Double(side))))
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
        guard factor.side <= longestSide else { return Averaged(minibatch: factor) }
        let average = decay * rest.removeFirst() + (1 - decay) * factor.matrix
        updated.append(average)
        return Averaged(average: average)
    }
}
