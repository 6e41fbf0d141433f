import Problems

/// What goes into the figures of `Tests/residual_figures.py`: numbers from -1 to 1 that look like noise, made of whole
/// numbers, so that both sides have the same bits.
func figureNoise(_ count: Int, salt: UInt64) -> [Double] {
    (0..<UInt64(count)).map { index in
        let whole = (index &* index &+ 7 &* index &+ 1_000_003 &* salt) &* 2_654_435_761
        return Double(whole % (1 << 32)) / 0x1p31 - 1
    }
}

extension ResidualStudent {
    /// Parameters as large as initial ones, so that no layer drowns the others.
    var figureParameters: [[Double]] {
        parameters.enumerated().map { index, parameter in
            let values = figureNoise(parameter.shape.count, salt: UInt64(index))
            switch parameter.kind {
            case .normalizationScale: return values.map { 1 + 0.4 * $0 }
            case .normalizationOffset: return values.map { 0.4 * $0 }
            default:
                let factor = (3 / Double(parameter.shape.sizes.dropLast().reduce(1, *))).squareRoot()
                return values.map { $0 * factor }
            }
        }
    }
}

/// A large gradient in two numbers, as the figures have it: its length, and its product with noise.
func figureSummary(_ gradient: [Double], index: Int) -> [Double] {
    let direction = figureNoise(gradient.count, salt: UInt64(2000 + index))
    return [
        gradient.reduce(0) { $0 + $1 * $1 }.squareRoot(),
        zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 },
    ]
}
