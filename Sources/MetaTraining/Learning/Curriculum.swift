/// A time in meta-training when epochs have another number of steps (Chen et al. 2020, arXiv:2010.09089: training
/// begins with short optimizations and goes on to long ones).
public struct CurriculumStage: Sendable, Hashable {
    /// The epoch with which the stage is over; the first epoch is 0.
    public var untilEpoch: Int
    /// Steps of its epochs; a multiple of the unroll length.
    public var steps: Int

    public init(untilEpoch: Int, steps: Int) {
        self.untilEpoch = untilEpoch
        self.steps = steps
    }
}

extension MetaTrainingSettings {
    /// Steps of the epoch: those of the first stage that is not over, or `steps` after them all.
    public func steps(inEpoch epoch: Int) -> Int {
        curriculum.first { epoch < $0.untilEpoch }?.steps ?? steps
    }

    /// Steps in all epochs before this one.
    func steps(beforeEpoch epoch: Int) -> Int {
        var (total, start) = (0, 0)
        for stage in curriculum {
            let end = min(epoch, stage.untilEpoch)
            total += max(0, end - start) * stage.steps
            start = max(start, end)
        }
        return total + (epoch - start) * steps
    }

    /// Meta-steps in all epochs before this one.
    func metaSteps(beforeEpoch epoch: Int) -> Int { steps(beforeEpoch: epoch) / unrollLength }

    /// How many losses a meta-loss is the sum of, when all count alike.
    public var lossesInMetaLoss: Int { if case .imitation = estimation { 1 } else { unrollLength + 1 } }

    /// Meta-steps in all.
    public var metaSteps: Int { metaSteps(beforeEpoch: epochs) }

    /// Steps of optimizees that training takes, those of evaluations not included.
    public var trainingSteps: Int { steps(beforeEpoch: epochs) }

    /// Steps of optimizees in all, those of evaluations included, and each as often as it is taken: the measure of a
    /// trial's work.
    public var totalSteps: Double {
        Double(trainingSteps) * Double(estimation.passes)
            + Double(epochs / evaluationEvery + 1) * Double(evaluationEpochs) * Double(steps)
    }

    /// The part of the total that is done after so many meta-steps, at the end of an epoch.
    public func work(upToMetaStep metaStep: Int) -> Double {
        let evaluations = epoch(afterMetaStep: metaStep) / evaluationEvery
        return Double(metaStep) * Double(unrollLength) * Double(estimation.passes)
            + Double(evaluations) * Double(evaluationEpochs) * Double(steps)
    }

    /// The last epoch before which there are no more meta-steps than these.
    private func epoch(afterMetaStep metaStep: Int) -> Int {
        var (low, high) = (0, epochs)
        while low < high {
            let middle = low + (high - low + 1) / 2
            (low, high) = metaSteps(beforeEpoch: middle) <= metaStep ? (middle, high) : (low, middle - 1)
        }
        return low
    }
}
