import TensorEngine

extension Student {
    /// How initial weights are drawn.
    public enum Initialization: Hashable, Sendable {
        /// All weights normal with standard deviation 0.01 (Andrychowicz et al. 2016).
        case paper
        /// Normal with variance 2 / (fan-in + fan-out), biases 0 (Glorot and Bengio 2010).
        case glorot
        /// One for each layer that has weights, in order: as the networks of cuda-convnet are published.
        case byLayer([Layer])

        /// A layer's weights, normal with mean 0, and its biases.
        public struct Layer: Hashable, Sendable {
            /// The standard deviation of the weights.
            public let deviation: Double
            /// What all biases are.
            public let bias: Double

            public init(deviation: Double, bias: Double = 0) {
                self.deviation = deviation
                self.bias = bias
            }
        }
    }
}

extension Student.Initialization {
    /// Writes a layer's initial weights, and its biases after them.
    ///
    /// - Parameter layer: how many layers with weights come before.
    func fill<Scalar: TensorScalar>(
        _ weights: TensorElements<Scalar>, _ biases: TensorElements<Scalar>, layer: Int, fanIn: Int, fanOut: Int,
        key: RandomKey
    ) {
        var stream = RandomStream(key)
        switch self {
        case .paper:
            weights.fillNormal(&stream, deviation: 0.01)
            biases.fillNormal(&stream, deviation: 0.01)
        case .glorot:
            weights.fillNormal(&stream, deviation: (2 / Double(fanIn + fanOut)).squareRoot())
            biases.fill(0)
        case .byLayer(let layers):
            weights.fillNormal(&stream, deviation: layers[layer].deviation)
            biases.fill(layers[layer].bias)
        }
    }
}
