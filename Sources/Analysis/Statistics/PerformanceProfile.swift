/// The share of runs that are better than a threshold, over the threshold: the run-score distribution of Agarwal et al.
/// 2021 ("Deep reinforcement learning at the edge of the statistical precipice", section 4.2, and their library
/// rliable; after Dolan and Moré 2002). One that diverged is better than none.
public struct PerformanceProfile: Sendable, Equatable {
    /// In ascending order.
    public let thresholds: [Double]
    /// For each threshold, the share of runs that are strictly better.
    public let shares: [Double]

    /// How many thresholds profiles of a comparison have.
    static let thresholdCount = 51

    /// - Parameters:
    ///   - values: what each run came to; at least one.
    ///   - higherIsBetter: as for accuracies; of losses the lower is better. (rliable takes higher as better.)
    public init(of values: [Double], at thresholds: [Double], higherIsBetter: Bool = false) {
        let finite = values.filter(\.isFinite)
        self.thresholds = thresholds
        shares = thresholds.map { threshold in
            Double(finite.count { higherIsBetter ? $0 > threshold : $0 < threshold }) / Double(max(values.count, 1))
        }
    }

    /// Evenly spaced thresholds from the least to the greatest of all runs that are finite; none where none is.
    package static func thresholds(over values: [Double]) -> [Double] {
        let finite = values.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else { return [] }
        return (0..<thresholdCount).map { least + (most - least) * Double($0) / Double(thresholdCount - 1) }
    }
}
