/// What one of several trained optimizers came to.
public struct ReplicateSummary: Sendable, Equatable {
    public let replicate: Replicate
    /// The mean over its trials, by what is compared; plus or minus infinity where one diverged.
    public let mean: Double
    /// What was tried and chosen for it on other seeds; nil where nothing was tuned.
    public let tuning: OptimizerTuning?
    /// Whether its mean is better than that of each other optimizer, by its name.
    public internal(set) var beats: [String: Bool] = [:]
}

/// How the replicates of one of two optimizers fare against the other.
public struct ReplicateTally: Sendable, Equatable {
    /// Whose replicates they are: of two that have some, those of the better one.
    public let optimizer: String
    /// How many there are.
    public let count: Int
    /// How many of them have a better mean than the other optimizer.
    public let won: Int
}

extension ProblemComparison {
    /// Holds each replicate's mean against the means of the other optimizers.
    static func addingRivals(to optimizers: [OptimizerSummary], higherIsBetter: Bool) -> [OptimizerSummary] {
        optimizers.map { optimizer in
            var told = optimizer
            for index in told.replicates.indices {
                for rival in optimizers where rival.name != optimizer.name && rival.compared.count > 0 {
                    let (mean, other) = (told.replicates[index].mean, rival.compared.mean)
                    told.replicates[index].beats[rival.name] = higherIsBetter ? mean > other : mean < other
                }
            }
            return told
        }
    }

    /// How the replicates of the one of a pair fare that has several; nil where neither has.
    static func tally(_ a: OptimizerSummary, _ b: OptimizerSummary) -> ReplicateTally? {
        guard let (mine, other) = [(a, b), (b, a)].first(where: { $0.0.isReplicated }) else { return nil }
        return ReplicateTally(
            optimizer: mine.name, count: mine.replicates.count,
            won: mine.replicates.count { $0.beats[other.name] == true })
    }
}
