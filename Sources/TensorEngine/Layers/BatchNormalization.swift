extension Tensor {
    /// Normalizes every channel, the last dimension, by its mean and variance over all other dimensions (Ioffe and
    /// Szegedy 2015, algorithm 1): `scale * (x - mean) / sqrt(variance + epsilon) + offset`.
    ///
    /// Statistics are those of the tensor itself, and the variance is the biased one. Derivatives flow through both.
    ///
    /// - Parameters:
    ///   - scale: `[channels]`; 1 where there is none.
    ///   - offset: `[channels]`; 0 where there is none.
    ///   - epsilon: 1e-3 is what Sonnet takes.
    public func batchNormalized(scale: Tensor? = nil, offset: Tensor? = nil, epsilon: Double = 1e-3) -> Tensor {
        let axes = Array(0..<shape.rank - 1)
        let share = Double(shape[shape.rank - 1]) / Double(shape.count)
        let centered = self - sum(axes: axes) * share
        let variance = centered.squared().sum(axes: axes) * share
        var factor = 1 / (variance + epsilon).squareRoot()
        if let scale { factor = factor * scale }
        let normalized = centered * factor
        return offset.map { normalized + $0 } ?? normalized
    }
}
