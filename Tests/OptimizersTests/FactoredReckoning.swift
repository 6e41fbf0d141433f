import Foundation
import TensorEngine

/// What `adafac_mlp_lopt` and Celo2 know of three small tensors, reckoned one number at a time as their codes have it.
struct FactoredReckoning {
    static let described = [Parameter("vector", [3]), Parameter("wide", [2, 3]), Parameter("tall", [3, 2])]
    static let start = [0.5, -0.25, 0, 1, 2, -3, 0.125, -1, 0.75, 0.5, -0.5, 0.25, 3, -2, 1]
    static let gradients = [
        [0.1, -2, 0, 1e-3, 4, 5, -6, 0.5, 0.25, -1, 2, 0.01, 0, 1, -3],
        [-0.3, 1e-3, 0, 0.2, 0, -7, 1, -0.5, 2, 1, 0.1, -0.01, 3, 0, 1],
        [0.2, 0.5, 1, -0.2, 0.3, 7, 1, 0.25, -2, 1, -0.1, 4, 0.5, 0.3, 0.2],
    ]
    /// Beginning and end, and rows and columns; a vector has none.
    static let tensors: [(range: Range<Int>, rows: Int, columns: Int)] = [(0..<3, 0, 0), (3..<9, 2, 3), (9..<15, 3, 2)]

    let momenta: [Double]
    let squareDecay: Double
    let factors: [Double]
    private(set) var means = [[Double]](repeating: [0, 0, 0], count: 15)
    private(set) var squares = [Double](repeating: 0, count: 15)
    /// Averages of g² of the coordinates along a matrix's rows and columns, kept at each coordinate.
    private var short = [[Double]](repeating: [0, 0, 0], count: 15)
    private var long = [[Double]](repeating: [0, 0, 0], count: 15)

    init(momenta: [Double], squareDecay: Double, factors: [Double]) {
        self.momenta = momenta
        self.squareDecay = squareDecay
        self.factors = factors
    }

    mutating func see(_ gradient: [Double]) {
        for (index, g) in gradient.enumerated() {
            means[index] = zip(momenta, means[index]).map { $0 * $1 + (1 - $0) * g }
            squares[index] = squareDecay * squares[index] + (1 - squareDecay) * g * g
        }
        for tensor in Self.tensors {
            for index in tensor.range {
                let places = tensor.rows > 0 ? Self.lines(through: index, tensor) : ([index], [index])
                func mean(_ places: [Int]) -> Double {
                    places.reduce(0) { $0 + gradient[$1] * gradient[$1] + 1e-30 } / Double(places.count)
                }
                for (place, factor) in factors.enumerated() {
                    short[index][place] = factor * short[index][place] + (1 - factor) * mean(places.0)
                    long[index][place] = factor * long[index][place] + (1 - factor) * mean(places.1)
                }
            }
        }
    }

    /// The averages of a matrix's longer dimension are its rows' (what is left when columns are averaged): a wide one's
    /// are of its rows, a tall one's of its columns.
    private static func lines(
        through index: Int, _ tensor: (range: Range<Int>, rows: Int, columns: Int)
    ) -> (short: [Int], long: [Int]) {
        let (row, column) = (index - tensor.range.lowerBound).quotientAndRemainder(dividingBy: tensor.columns)
        let alongRow = (0..<tensor.columns).map { tensor.range.lowerBound + row * tensor.columns + $0 }
        let alongColumn = (0..<tensor.rows).map { tensor.range.lowerBound + $0 * tensor.columns + column }
        return tensor.columns >= tensor.rows ? (alongRow, alongColumn) : (alongColumn, alongRow)
    }

    /// A coordinate's eighteen: the gradient by Adafactor's scales; averages of rows, of columns and their inverse roots;
    /// the gradient's averages by the scales.
    func factored(_ index: Int, _ gradient: [Double]) -> [Double] {
        let tensor = Self.tensors.first { $0.range.contains(index) }!
        let scales = (0..<3).map { place -> (Double, Double) in
            guard tensor.rows > 0 else {
                let value = short[index][place]
                return (1 / sqrt(value + 1e-9), 1 / sqrt(value + 1e-6))
            }
            // The mean of the rows' averages over all rows is that over all coordinates.
            let whole = tensor.range.reduce(0) { $0 + short[$1][place] } / Double(tensor.range.count)
            let scale = 1 / sqrt(max(short[index][place] / (whole + 1e-9), 1e-9)) / sqrt(max(long[index][place], 1e-9))
            return (scale, scale)
        }
        return scales.map { gradient[index] * $0.0 } + short[index] + long[index]
            + (short[index] + long[index]).map { 1 / sqrt($0 + 1e-8) } + zip(means[index], scales).map { $0 * $1.1 }
    }

    /// Numbers of each coordinate divided by their root mean squares over its tensor.
    static func normalized(_ features: [[Double]], epsilon: Double) -> [[Double]] {
        var result = features
        for tensor in tensors {
            for feature in features[0].indices {
                let sum = tensor.range.reduce(0) { $0 + features[$1][feature] * features[$1][feature] }
                let norm = sqrt(sum / Double(tensor.range.count) + epsilon)
                for index in tensor.range { result[index][feature] = features[index][feature] / norm }
            }
        }
        return result
    }
}
