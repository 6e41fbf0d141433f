import TensorEngine

/// What one layer with weights saw of a minibatch and what its outputs did to the likelihood, traced.
public struct LayerStatistics {
    /// What its kernel was multiplied by, without the 1 that a bias has: `[examples, fan-in…]` of a dense layer,
    /// `[examples, positions…, window…, channels]` of a convolution.
    public var inputs: Tensor
    /// Of each example the derivative of the logarithm of its likelihood by the layer's outputs before normalization and
    /// nonlinearity, `[examples, positions…, units]`; targets are drawn from the model.
    public var slopes: Tensor

    public init(inputs: Tensor, slopes: Tensor) {
        self.inputs = inputs
        self.slopes = slopes
    }

    private var rowDimensions: Int { slopes.shape.rank - 1 }
    private var examples: Double { Double(slopes.shape[0]) }
    private var positions: Double { Double(slopes.shape.count / slopes.shape[rowDimensions]) / examples }

    /// A, the mean over examples of a aᵀ, summed over positions (Martens and Grosse 2015, section 3; Grosse and Martens
    /// 2016, theorem 1: Ω).
    ///
    /// - Parameter hasBias: whether a ends in a 1.
    public func inputFactor(hasBias: Bool) -> KroneckerFactor {
        KroneckerFactor(rows: inputs, rowDimensions: rowDimensions, weight: 1 / examples, endsInOne: hasBias)
    }

    /// G, the mean over examples and positions of g gᵀ (Γ of the same).
    public var outputFactor: KroneckerFactor {
        KroneckerFactor(
            rows: slopes, rowDimensions: rowDimensions, weight: 1 / (examples * positions), endsInOne: false)
    }
}
