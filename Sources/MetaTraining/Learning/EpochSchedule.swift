import Optimizers

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
    /// Between which lengths, whole unrolls both, those of epochs lie after the curriculum; nil where all have
    /// `epochLength`, as evaluations always have.
    public var variedLengths: ClosedRange<Int>?
    /// Several beginnings, of which the best goes on; nil for one.
    public var starts: Starts?
    /// Epochs of several short optimizations, which become longer as training goes on; nil for epochs of one. There is no
    /// curriculum then, and lengths are not varied.
    public var growth: HorizonGrowth?

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

    /// Meta-parameters drawn several times, each of which is trained for a part of the epochs; the one that is best by
    /// evaluation then goes on to the end (successive halving with one rung; Jamieson and Talwalkar 2016).
    public struct Starts: Sendable, Hashable {
        public var count: Int
        /// Epochs of each, fewer than all.
        public var epochs: Int

        public init(count: Int, epochs: Int) {
            self.count = count
            self.epochs = epochs
        }
    }

    public init(
        epochs: Int, epochLength: Int, unrollLength: Int, curriculum: [Stage] = [],
        variedLengths: ClosedRange<Int>? = nil, starts: Starts? = nil,
        growth: HorizonGrowth? = nil
    ) {
        let varied = variedLengths.map { [$0.lowerBound, $0.upperBound] } ?? []
        precondition(
            ([epochLength] + curriculum.map(\.epochLength) + varied).allSatisfy { $0.isMultiple(of: unrollLength) },
            "an epoch is whole unrolls")
        precondition(
            growth.map { $0.isWhole(unrollLength, epochLength) && curriculum.isEmpty && variedLengths == nil } ?? true,
            "optimizations that grow are whole unrolls and divide an epoch")
        self.epochs = epochs
        self.epochLength = epochLength
        self.unrollLength = unrollLength
        self.curriculum = curriculum
        self.variedLengths = variedLengths
        self.starts = starts
        self.growth = growth
    }

    /// Epochs that are run, those of all starts included.
    public var epochsInAll: Int { epochs + extraEpochs }

    /// Epochs of starts that do not go on.
    private var extraEpochs: Int { starts.map { ($0.count - 1) * $0.epochs } ?? 0 }

    /// Which of the epochs from a start on is the one that is run as this, counted over all; the first is 0.
    func epochOfStart(_ epoch: Int) -> Int {
        guard let starts, epoch < starts.count * starts.epochs else { return epoch - extraEpochs }
        return epoch % starts.epochs
    }

    /// Which start an epoch belongs to; nil after all of them.
    func start(ofEpoch epoch: Int) -> Int? {
        guard let starts, epoch < starts.count * starts.epochs else { return nil }
        return epoch / starts.epochs
    }

    /// Whether there is an evaluation after an epoch: each so many, at the end, and at the end of each start.
    func isEvaluated(afterEpoch epoch: Int, every: Int) -> Bool {
        let done = epochOfStart(epoch) + 1
        return done.isMultiple(of: every) || done == epochs || (start(ofEpoch: epoch) != nil && done == starts?.epochs)
    }

    /// An unroll of an optimization of so many steps, where losses count so.
    func unroll(_ lossWeights: LossWeights, inOptimizationOf steps: Int) -> Unroll {
        Unroll(unrollLength, lossWeights: lossWeights.inEpoch(of: steps))
    }

    /// How many unrolls an epoch has, counted from its start: with its length that of the first stage that is not over,
    /// or after them all one of `variedLengths`, or `epochLength`.
    public func unrolls(inEpoch epoch: Int) -> Int {
        if let stage = curriculum.first(where: { epoch < $0.untilEpoch }) { return stage.epochLength / unrollLength }
        return variedLengths.map { Self.varied($0, unrollLength, index: epoch) } ?? epochLength / unrollLength
    }

    /// Meta-steps in all epochs before this one, as they are run.
    public func metaSteps(beforeEpoch epoch: Int) -> Int { steps(beforeEpoch: epoch) / unrollLength }

    /// Meta-steps of a start and of what goes on from it, before one of its epochs.
    func metaSteps(beforeEpochOfStart epoch: Int) -> Int { steps(beforeEpochOfStart: epoch) / unrollLength }

    /// Meta-steps that change the meta-parameters that are kept.
    public var metaSteps: Int { metaSteps(beforeEpochOfStart: epochs) }

    /// Steps of optimizees that training takes, those of evaluations not included.
    public var trainingSteps: Int { steps(beforeEpoch: epochsInAll) }

    /// Steps of optimizees in so many meta-steps.
    func steps(inMetaSteps count: Int) -> Double { Double(count) * Double(unrollLength) }

    /// The last epoch before which there are no more meta-steps than these.
    func epoch(afterMetaStep metaStep: Int) -> Int {
        var (low, high) = (0, epochsInAll)
        while low < high {
            let middle = low + (high - low + 1) / 2
            (low, high) = metaSteps(beforeEpoch: middle) <= metaStep ? (middle, high) : (low, middle - 1)
        }
        return low
    }

    private func steps(beforeEpoch epoch: Int) -> Int {
        guard let starts else { return steps(beforeEpochOfStart: epoch) }
        let over = min(epoch / starts.epochs, starts.count - 1)
        return over * steps(beforeEpochOfStart: starts.epochs)
            + steps(beforeEpochOfStart: epoch - over * starts.epochs)
    }

    private func steps(beforeEpochOfStart epoch: Int) -> Int {
        var (total, start) = (0, 0)
        for stage in curriculum {
            let end = min(epoch, stage.untilEpoch)
            total += max(0, end - start) * stage.epochLength
            start = max(start, end)
        }
        guard let variedLengths, start < epoch else { return total + (epoch - start) * epochLength }
        return (start..<epoch).reduce(total) { $0 + Self.varied(variedLengths, unrollLength, index: $1) * unrollLength }
    }

    /// The unrolls of an epoch whose length is log-uniform between two, spread as evenly as can be: the multiples of the
    /// golden ratio's fraction, which fill the unit interval without chance (van der Corput and Kronecker sequences;
    /// Niederreiter 1992, chapter 3).
    private static func varied(_ lengths: ClosedRange<Int>, _ unrollLength: Int, index: Int) -> Int {
        let (low, high) = (lengths.lowerBound / unrollLength, lengths.upperBound / unrollLength)
        let goldenFraction = 0.618_033_988_749_894_9
        let share = (0.5 + Double(index) * goldenFraction).truncatingRemainder(dividingBy: 1)
        // Rounded, so that from low - ½ to high + ½ all have their part of it.
        let number = (Double(low) - 0.5) * Elementary.power((Double(high) + 0.5) / (Double(low) - 0.5), share)
        return min(max(Int(number.rounded()), low), high)
    }
}
