/// The matrices of minimal filtering along one dimension: six neighbouring inputs and a filter of `r` taps give
/// `7 - r` outputs with six multiplications, where the sums themselves would take `(7 - r) · r`.
///
/// `outputs = output · ((filter · taps) ⊙ (input · inputs))`, by interpolation at five points and infinity: Winograd,
/// "Arithmetic complexity of computations" (1980); Lavin and Gray, "Fast algorithms for convolutional neural networks"
/// (2016), equation 5.
struct WinogradTransform {
    /// How many neighbouring inputs, and products, belong to one tile.
    static let tileSize = 6
    /// Filters that gain enough by it.
    static let filterSizes = 3...5

    /// `[6, 6]`
    let input: [[Double]]
    /// `[6, r]`
    let filter: [[Double]]
    /// `[7 - r, 6]`
    let output: [[Double]]

    var outputCount: Int { output.count }

    /// Small numbers and their reciprocals, not 2 and -2: rounding errors are a third less.
    private static let points: [Double] = [0, 1, -1, 0.5, -2]

    init(filterSize: Int) {
        let outputCount = Self.tileSize + 1 - filterSize
        let (points, last) = (Self.points, Self.tileSize - 1)
        func powers(_ count: Int) -> [[Double]] {
            points.map { point in (0..<count).map { (0..<$0).reduce(1.0) { power, _ in power * point } } }
        }
        func unit(_ index: Int, of count: Int) -> [Double] { (0..<count).map { $0 == index ? 1 : 0 } }
        func others(_ point: Double) -> [Double] { points.filter { $0 != point } }

        input = points.map { Self.polynomial(roots: others($0)) + [0] } + [Self.polynomial(roots: points)]
        let slopes = points.map { point in others(point).reduce(1.0) { $0 * (point - $1) } }
        let scaled = zip(powers(filterSize), slopes).map { row, slope in row.map { $0 / slope } }
        filter = scaled + [unit(filterSize - 1, of: filterSize)]
        let evaluation = powers(outputCount) + [unit(outputCount - 1, of: outputCount)]
        output = (0..<outputCount).map { row in (0...last).map { evaluation[$0][row] } }
    }

    /// The coefficients of `∏ (x - root)`, that of the lowest power first.
    private static func polynomial(roots: [Double]) -> [Double] {
        roots.reduce([1.0]) { coefficients, root in
            zip([0] + coefficients, coefficients + [0]).map { $0 - root * $1 }
        }
    }
}
