/// Brings each column of a table to mean 0 and deviation 1 over the rows that are trained on.
///
/// A column that has one value in all of those becomes 0.
struct Standardization {
    private let means: [Double]
    /// 0 for a column of one value.
    private let scales: [Double]

    /// - Parameters:
    ///   - values: all rows, `columns` numbers each.
    ///   - rows: those to take mean and deviation of; at least one.
    init(_ values: [Double], columns: Int, rows: [Int]) {
        var (means, scales) = ([Double](), [Double]())
        for column in 0..<columns {
            let own = rows.map { values[$0 * columns + column] }
            let mean = own.reduce(0) { $0 + $1 / Double(own.count) }
            let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(own.count) }
            let isConstant = own.allSatisfy { $0 == own[0] }
            means.append(isConstant ? own[0] : mean)
            scales.append(isConstant || variance == 0 ? 0 : 1 / variance.squareRoot())
        }
        (self.means, self.scales) = (means, scales)
    }

    /// The same values, standardized; single precision's largest number for what lies beyond.
    func apply(to values: [Double]) -> [Float] {
        let most = Double(Float.greatestFiniteMagnitude)
        return values.indices.map { index in
            let column = index % means.count
            let value = scales[column] == 0 ? 0 : (values[index] - means[column]) * scales[column]
            return Float(max(-most, min(most, value)))
        }
    }
}
