/// Optimizations that are short at first, and become longer when evaluations no longer get better (Chen et al. 2020,
/// arXiv:2010.09089, section 3, where a curriculum goes on to its next length so).
///
/// An epoch keeps its number of meta-steps: it is cut into optimizations of equal length, each of another problem. So
/// training is as much work, and learning rates fall alike, whenever lengths grow. Evaluations have a whole epoch's steps
/// from the beginning, so they can be compared.
public struct HorizonGrowth: Sendable, Hashable {
    /// Steps of an optimization to begin with; whole unrolls, and a divisor of an epoch's.
    public var initialLength: Int
    /// How many times as long, at least, the next length is: the first divisor of an epoch's unrolls from there on.
    public var factor: Int
    /// After how many evaluations in a row that are no better than the best one.
    public var evaluations: Int

    public init(initialLength: Int, factor: Int, evaluations: Int) {
        precondition(initialLength > 0 && factor > 1 && evaluations > 0)
        self.initialLength = initialLength
        self.factor = factor
        self.evaluations = evaluations
    }

    func isWhole(_ unrollLength: Int, _ epochLength: Int) -> Bool {
        initialLength.isMultiple(of: unrollLength) && epochLength.isMultiple(of: initialLength)
    }

    /// The length after this one; it stays where it is a whole epoch's.
    func next(after length: Int, _ schedule: EpochSchedule) -> Int {
        let unrolls = schedule.epochLength / schedule.unrollLength
        let least = min(length / schedule.unrollLength * factor, unrolls)
        return (least...unrolls).first { unrolls.isMultiple(of: $0) }! * schedule.unrollLength
    }
}
