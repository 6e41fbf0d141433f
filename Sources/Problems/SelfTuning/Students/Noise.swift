import TensorEngine

/// Noise of which every example has its own amount.
enum Noise {
    /// Adds normal noise to examples that lie in rows.
    ///
    /// - Parameter deviations: one for each example.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func add<Scalar: TensorScalar>(
        to rows: TensorElements<Scalar>, deviations: TensorElements<Scalar>, key: RandomKey
    ) {
        var stream = RandomStream(key)
        let length = rows.count / deviations.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: length) { noise in
            for example in 0..<deviations.count {
                stream.fillNormal(noise, deviation: Double(deviations[example]))
                let row = rows.start + example * length
                for index in 0..<length { row[index] += Scalar(noise[index]) }
            }
        }
    }

    /// Inverted dropout (Srivastava et al. 2014, section 10): what stays is divided by the share that does.
    ///
    /// - Parameters:
    ///   - rates: the share that is left out of each example.
    ///   - isColumns: whether examples are columns, not rows.
    ///   - isFresh: whether the values are factors to be written, not numbers to be multiplied.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func drop<Scalar: TensorScalar>(
        _ values: TensorElements<Scalar>, rates: TensorElements<Scalar>, isColumns: Bool, isFresh: Bool, key: RandomKey
    ) {
        var stream = RandomStream(key)
        let count = rates.count
        // A line is one unit of all examples, or all units of one.
        let length = isColumns ? count : values.count / count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: length) { shares in
            for line in 0..<values.count / length {
                stream.fillUniform(shares)
                let start = values.start + line * length
                for index in 0..<length {
                    let kept = 1 - Double(rates[isColumns ? index : line])
                    let factor = shares[index] < kept ? Scalar(1 / kept) : 0
                    start[index] = isFresh ? factor : start[index] * factor
                }
            }
        }
    }
}
