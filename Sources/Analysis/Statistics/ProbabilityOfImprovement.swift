/// How likely a run of one algorithm is better than a run of another, as Agarwal et al. 2021 define it ("Deep
/// reinforcement learning at the edge of the statistical precipice", section 4.3, and their library rliable): for each
/// task the share of pairs of a run of the one and a run of the other in which the first is better, ties counting half
/// (Mann and Whitney's U, divided by the number of pairs); then the mean over tasks.
public enum ProbabilityOfImprovement {
    /// - Parameters:
    ///   - first: for each task the losses of the first algorithm's runs: the lower is better. (rliable takes higher as
    ///     better: give it these negated.) One that is not finite is the worst, and two such are a tie.
    ///   - second: likewise, for the same tasks.
    /// - Returns: nil where there is no task on which both have a run. Cost: the number of pairs.
    public static func of(_ first: [[Double]], over second: [[Double]]) -> Double? {
        precondition(first.count == second.count, "both algorithms have the same tasks")
        let shares = zip(first, second).compactMap { mine, others -> Double? in
            guard !mine.isEmpty, !others.isEmpty else { return nil }
            var doubledWins = 0
            for one in mine.map(worstIfNotFinite) {
                for other in others.map(worstIfNotFinite) { doubledWins += one < other ? 2 : one == other ? 1 : 0 }
            }
            return Double(doubledWins) / Double(2 * mine.count * others.count)
        }
        return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }

    private static func worstIfNotFinite(_ value: Double) -> Double { value.isFinite ? value : .infinity }
}
