import TensorEngine

/// What a learned optimizer's meta-parameters are before meta-training.
public enum InitialWeights: String, Hashable, Sendable, CaseIterable {
    /// Weights from a normal distribution cut off at two deviations of 1/√(fan-in), biases 0: the default of the code
    /// published with Andrychowicz et al. 2016, and of most others.
    case truncatedNormal
    /// All 0, as the same code has it for a simple problem.
    case zeros
    /// Weights uniform within ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010), biases 0.
    case glorotUniform

    /// Writes the values of parameters, one after the other.
    ///
    /// - Parameters:
    ///   - parameters: those of rank 1 are biases; the others' first dimension is the fan-in.
    ///   - key: each parameter is drawn from a stream of its own, by its place.
    func write<Scalar: TensorScalar>(
        _ parameters: [Parameter], to values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        var pointer = values
        for (index, parameter) in parameters.enumerated() {
            var stream = RandomStream(key.derived("meta-parameters", UInt64(index)))
            let isZero = self == .zeros || parameter.shape.rank == 1
            for element in 0..<parameter.shape.count {
                pointer[element] = isZero ? 0 : Scalar(draw(parameter.shape, &stream))
            }
            pointer += parameter.shape.count
        }
    }

    /// One weight of a tensor that is not all 0.
    private func draw(_ shape: Shape, _ stream: inout RandomStream) -> Double {
        if self == .glorotUniform {
            return (6 / Double(shape[0] + shape[1])).squareRoot() * (2 * stream.uniform() - 1)
        }
        return 1 / Double(shape[0]).squareRoot() * Self.truncatedNormal(&stream)
    }

    private static func truncatedNormal(_ stream: inout RandomStream) -> Double {
        while true {
            let value = stream.normal()
            if abs(value) < 2 { return value }
        }
    }
}
