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
        normalizedByItself(scale, offset, epsilon).values
    }

    /// The same, and the statistics, `[channels]` each.
    public func batchNormalizedWithStatistics(
        scale: Tensor? = nil, offset: Tensor? = nil, epsilon: Double = 1e-3
    ) -> (values: Tensor, mean: Tensor, variance: Tensor) {
        let result = normalizedByItself(scale, offset, epsilon)
        let channels = Shape([shape[shape.rank - 1]])
        return (result.values, result.mean.reshaped(channels), result.variance.reshaped(channels))
    }

    /// Normalizes every channel, the last dimension, by statistics from elsewhere (Ioffe and Szegedy 2015, algorithm 2).
    ///
    /// - Parameters:
    ///   - mean: `[channels]`, and so are the others.
    ///   - scale: 1 where there is none.
    ///   - offset: 0 where there is none.
    public func normalized(
        mean: Tensor, variance: Tensor, scale: Tensor? = nil, offset: Tensor? = nil, epsilon: Double
    ) -> Tensor {
        (self - mean).scaled(variance: variance, scale: scale, offset: offset, epsilon: epsilon)
    }

    /// With statistics of this tensor's rank.
    private func normalizedByItself(
        _ scale: Tensor?, _ offset: Tensor?, _ epsilon: Double
    ) -> (values: Tensor, mean: Tensor, variance: Tensor) {
        let axes = Array(0..<shape.rank - 1)
        let share = Double(shape[shape.rank - 1]) / Double(shape.count)
        let mean = sum(axes: axes) * share
        let centered = self - mean
        let variance = centered.squared().sum(axes: axes) * share
        let values = centered.scaled(variance: variance, scale: scale, offset: offset, epsilon: epsilon)
        return (values, mean, variance)
    }

    /// What is centred already, in units of the deviation.
    private func scaled(variance: Tensor, scale: Tensor?, offset: Tensor?, epsilon: Double) -> Tensor {
        var factor = 1 / (variance + epsilon).squareRoot()
        if let scale { factor = factor * scale }
        let normalized = self * factor
        return offset.map { normalized + $0 } ?? normalized
    }
}
