/// How long the optimizations of a meta-training are, and into what unrolls they are cut.
public struct EpochSchedule: Sendable, Hashable {
    /// How many optimizations there are.
    public var epochs: Int
    /// Steps of an optimization, those of evaluations included; a multiple of `unrollLength`.
    public var epochLength: Int
    /// Steps of an unroll, which end in a meta-step.
    public var unrollLength: Int
    /// Stages with epochs of other lengths, in the order of their ends, before the others. Evaluations have none.
    public var curriculum: [Stage]

    /// A time in meta-training when epochs have another length (Chen et al. 2020, arXiv:2010.09089: training begins with
    /// short optimizations and goes on to long ones).
    public struct Stage: Sendable, Hashable {
        /// The epoch with which the stage is over; the first epoch is 0.
        public var untilEpoch: Int
        /// Steps of its epochs; a multiple of the unroll length.
        public var epochLength: Int

        public init(untilEpoch: Int, epochLength: Int) {
            self.untilEpoch = untilEpoch
            self.epochLength = epochLength
        }
    }

    public init(epochs: Int, epochLength: Int, unrollLength: Int, curriculum: [Stage] = []) {
        precondition(
            ([epochLength] + curriculum.map(\.epochLength)).allSatisfy { $0.isMultiple(of: unrollLength) },
            "an epoch is whole unrolls")
        self.epochs = epochs
        self.epochLength = epochLength
        self.unrollLength = unrollLength
        self.curriculum = curriculum
    }

    /// An unroll of an epoch, where losses count so.
    func unroll(_ lossWeights: LossWeights, inEpoch epoch: Int) -> Unroll {
        Unroll(unrollLength, lossWeights: lossWeights.inEpoch(of: unrolls(inEpoch: epoch) * unrollLength))
    }

    /// How many unrolls an epoch has: with its length that of the first stage that is not over, or `epochLength` after
    /// them all.
    public func unrolls(inEpoch epoch: Int) -> Int {
        (curriculum.first { epoch < $0.untilEpoch }?.epochLength ?? epochLength) / unrollLength
    }

    /// Meta-steps in all epochs before this one.
    public func metaSteps(beforeEpoch epoch: Int) -> Int { steps(beforeEpoch: epoch) / unrollLength }

    /// Meta-steps in all.
    public var metaSteps: Int { metaSteps(beforeEpoch: epochs) }

    /// Steps of optimizees that training takes, those of evaluations not included.
    public var trainingSteps: Int { steps(beforeEpoch: epochs) }

    /// Steps of optimizees in so many meta-steps.
    func steps(inMetaSteps count: Int) -> Double { Double(count) * Double(unrollLength) }

    /// The last epoch before which there are no more meta-steps than these.
    func epoch(afterMetaStep metaStep: Int) -> Int {
        var (low, high) = (0, epochs)
        while low < high {
            let middle = low + (high - low + 1) / 2
            (low, high) = metaSteps(beforeEpoch: middle) <= metaStep ? (middle, high) : (low, middle - 1)
        }
        return low
    }

    private func steps(beforeEpoch epoch: Int) -> Int {
        var (total, start) = (0, 0)
        for stage in curriculum {
            let end = min(epoch, stage.untilEpoch)
            total += max(0, end - start) * stage.epochLength
            start = max(start, end)
        }
        return total + (epoch - start) * epochLength
    }
}
