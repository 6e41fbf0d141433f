import Foundation

/// The median of times of which some were never reached: those count as longer than any.
public struct CensoredMedian: Sendable, Equatable {
    /// The median; infinite where half the trials or more did not get there.
    public let value: Double
    /// The ends of its 95% interval, the upper one infinite where it is beyond all that was reached; nil where fewer
    /// than six trials can have none.
    public let interval: ClosedRange<Double>?

    /// The median of `times`, with infinity for those that were never reached; nil where there are none, or one is
    /// NaN.
    ///
    /// The interval runs between two of the sorted times, whatever they are distributed like: how many lie below the
    /// true median is binomial (Conover 1999, "Practical Nonparametric Statistics", section 3.2).
    ///
    /// - Parameter areIndependent: whether no two times have more in common than others; where they have, as those of
    ///   one replicate, there is no interval.
    public init?(_ times: [Double], areIndependent: Bool = true) {
        guard !times.isEmpty, !times.contains(where: \.isNaN) else { return nil }
        let sorted = times.sorted()
        let (lower, upper) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
        value = lower == upper ? lower : lower + (upper - lower) / 2
        interval =
            areIndependent ? Self.rank(of: sorted.count).map { sorted[$0]...sorted[sorted.count - 1 - $0] } : nil
    }

    /// How many of the times, at each end, lie outside the interval; nil where the whole range is less sure than 95%.
    private static func rank(of count: Int) -> Int? {
        let tail = (1 - BootstrapInterval.confidence) / 2
        guard count <= 1000 else {
            let deviations = -NormalDistribution.quantile(tail)
            return Int((Double(count) / 2 - deviations * Double(count).squareRoot() / 2).rounded(.down))
        }
        var probability = exp2(-Double(count))
        var below = 0.0
        for rank in 0...count {
            below += probability
            if below > tail { return rank == 0 ? nil : rank - 1 }
            probability *= Double(count - rank) / Double(rank + 1)
        }
        return nil
    }
}
