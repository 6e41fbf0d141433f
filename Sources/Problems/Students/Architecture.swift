import TensorEngine

/// The hidden layers of a student: given, or drawn at random for each trial.
public enum Architecture: Hashable, Sendable {
    case fixed([Int])
    /// A number of hidden layers, and for each a number of units, uniform between bounds that are included.
    case random(layers: ClosedRange<Int>, units: ClosedRange<Int>)

    /// Whether trials draw it.
    public var isRandom: Bool { if case .random = self { true } else { false } }

    /// The sizes of the hidden layers in the trial with this key.
    public func hiddenLayers(_ key: RandomKey) -> [Int] {
        switch self {
        case .fixed(let sizes):
            return sizes
        case .random(let layers, let units):
            var stream = RandomStream(key.derived("architecture"))
            let count = layers.lowerBound + stream.index(below: layers.count)
            return (0..<count).map { _ in units.lowerBound + stream.index(below: units.count) }
        }
    }
}
