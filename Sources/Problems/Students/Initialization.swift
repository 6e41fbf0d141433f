import TensorEngine

extension Student {
    /// How initial weights are drawn.
    public enum Initialization: String, Sendable, CaseIterable {
        /// All weights normal with standard deviation 0.01 (Andrychowicz et al. 2016).
        case paper
        /// Normal with variance 2 / (fan-in + fan-out), biases 0 (Glorot and Bengio 2010).
        case glorot
    }
}

extension Student.Initialization {
    /// Writes a layer's initial weights, and its biases after them.
    func fill<Scalar: TensorScalar>(
        _ weights: TensorElements<Scalar>, _ biases: TensorElements<Scalar>, fanIn: Int, fanOut: Int, key: RandomKey
    ) {
        var stream = RandomStream(key)
        switch self {
        case .paper:
            weights.fillNormal(&stream, deviation: 0.01)
            biases.fillNormal(&stream, deviation: 0.01)
        case .glorot:
            weights.fillNormal(&stream, deviation: (2 / Double(fanIn + fanOut)).squareRoot())
            biases.fill(0)
        }
    }
}
