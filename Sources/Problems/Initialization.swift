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
        _ elements: UnsafeMutablePointer<Scalar>, weights: Int, biases: Int, fanIn: Int, fanOut: Int, key: RandomKey
    ) {
        var stream = RandomStream(key)
        switch self {
        case .paper:
            stream.fillNormal(UnsafeMutableBufferPointer(start: elements, count: weights + biases), deviation: 0.01)
        case .glorot:
            let deviation = (2 / Double(fanIn + fanOut)).squareRoot()
            stream.fillNormal(UnsafeMutableBufferPointer(start: elements, count: weights), deviation: deviation)
            for element in weights..<weights + biases { elements[element] = 0 }
        }
    }
}
