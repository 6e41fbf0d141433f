import Foundation

@testable import Analysis

enum Samples {
    /// Positive values with a long upper tail.
    static func skewed(count: Int, seed: UInt64) -> [Double] {
        var random = CounterRandom(seed: seed)
        return (0..<count).map { _ in -log((Double(random.next() >> 11) + 0.5) * 0x1p-53) }
    }
}
