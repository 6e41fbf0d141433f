import TensorEngine

/// What a learned optimizer's meta-parameters are before meta-training.
public enum InitialWeights: String, Hashable, Sendable, CaseIterable {
    /// Weights from a normal distribution cut off at two deviations of 1/√(fan-in), biases 0: the default of the code
    /// published with Andrychowicz et al. 2016, and of most others.
    case truncatedNormal
    /// All 0, as the same code has it for a simple problem.
    case zeros

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
            let deviation = isZero ? 0 : 1 / Double(parameter.shape[0]).squareRoot()
            for element in 0..<parameter.shape.count {
                pointer[element] = isZero ? 0 : Scalar(deviation * Self.truncatedNormal(&stream))
            }
            pointer += parameter.shape.count
        }
    }

    private static func truncatedNormal(_ stream: inout RandomStream) -> Double {
        while true {
            let value = stream.normal()
            if abs(value) < 2 { return value }
        }
    }
}
