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
        for example in 0..<deviations.count {
            let deviation = Double(deviations[example])
            let row = rows.start + example * length
            for index in 0..<length { row[index] += Scalar(deviation * stream.normal()) }
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
        let length = values.count / count
        func drop(_ index: Int, of example: Int) {
            let kept = 1 - Double(rates[example])
            let factor = stream.uniform() < kept ? Scalar(1 / kept) : 0
            values[index] = isFresh ? factor : values[index] * factor
        }
        if isColumns {
            for index in 0..<values.count { drop(index, of: index % count) }
        } else {
            for index in 0..<values.count { drop(index, of: index / length) }
        }
    }
}
