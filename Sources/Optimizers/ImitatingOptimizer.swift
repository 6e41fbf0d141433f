import TensorEngine

/// A learned optimizer that can learn from another one's changes: a network answers to what it sees of a coordinate,
/// and what the answer makes of a value can be told backwards.
///
/// Its first two meta-parameters are the shift and the scale, `[observedRows]` each, of what the network sees.
public protocol ImitatingOptimizer: CoordinatewiseOptimizer {
    /// Why this one cannot learn by imitation, in words; nil where it can.
    var imitationObstacle: String? { get }

    /// How many numbers the network sees of a coordinate.
    var observedRows: Int { get }

    /// What the network sees of some coordinates, `[observedRows, coordinates]`, before shift and scale, and the new
    /// state.
    func observe(_ coordinates: Coordinates) -> (inputs: Tensor, state: [Tensor])

    /// The network's answers `[1, coordinates]` to what it sees.
    func answer(_ inputs: Tensor, metaParameters: [Tensor]) -> Tensor

    /// The answer that makes one value of another.
    func answer(turning value: Double, into changed: Double) -> Double
}
