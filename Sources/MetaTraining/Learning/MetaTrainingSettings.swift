import Optimizers

/// How a learned optimizer is trained.
public struct MetaTrainingSettings: Sendable {
    public var schedule: EpochSchedule
    /// The range of the logarithms of each epoch's scales (``RandomScaling``); nil for problems as they are, which
    /// evaluations always have.
    public var randomScaling: ClosedRange<Double>?
    /// Updates the meta-parameters. It sees as many steps as there are meta-steps.
    public var metaOptimizer: MetaOptimizer
    /// How the gradient of the meta-loss is found.
    public var estimation: MetaGradientEstimation
    /// How much the optimizee's loss after each step of an epoch counts.
    public var lossWeights: LossWeights
    /// Meta-parameters to begin with, one tensor after the other; nil for those that the optimizers draw.
    public var initial: [Double]?
    /// The largest norm of a meta-gradient; longer ones are scaled down to it. Nil for no bound.
    public var gradientClip: Double?
    /// How much of the running average of the meta-parameters stays at each meta-step; the average is what is
    /// evaluated and kept. 0 for the meta-parameters themselves.
    public var averaging: Double
    /// After how many epochs the optimizer is evaluated.
    public var evaluationEvery: Int
    /// Over how many epochs, always the same ones, the final loss is averaged in an evaluation.
    public var evaluationEpochs: Int
    /// How many optimizations a meta-step learns from, side by side.
    public var students: Int
    public var safeguards: Safeguards

    public init(
        _ schedule: EpochSchedule, randomScaling: ClosedRange<Double>? = nil, metaOptimizer: MetaOptimizer,
        estimation: MetaGradientEstimation,
        lossWeights: LossWeights = .equal, initial: [Double]? = nil, gradientClip: Double?, averaging: Double,
        evaluationEvery: Int, evaluationEpochs: Int, students: Int = 1, safeguards: Safeguards = .none
    ) {
        self.schedule = schedule
        self.randomScaling = randomScaling
        self.metaOptimizer = metaOptimizer
        self.estimation = estimation
        self.lossWeights = lossWeights
        self.initial = initial
        self.gradientClip = gradientClip
        self.averaging = averaging
        self.evaluationEvery = evaluationEvery
        self.evaluationEpochs = evaluationEpochs
        self.students = students
        self.safeguards = safeguards
    }
}

extension MetaTrainingSettings {
    /// What keeps a meta-loss finite.
    var remedy: String {
        if metaOptimizer.metaParameters.isEmpty {
            return "a smaller metaTraining.learningRate or deviation of its estimator, or a metaTraining.gradientClip, "
                + "keeps it finite"
        }
        return "the meta-optimizer was itself learned and has no learning rate; a smaller outputScale of it, or a "
            + "metaTraining.gradientClip, may keep it finite"
    }

    /// What one estimate of the meta-gradient sees in an optimization of so many steps.
    func unroll(inOptimizationOf steps: Int) -> Unroll { schedule.unroll(lossWeights, inOptimizationOf: steps) }

    /// How many losses a meta-loss is the sum of: when all count alike, or when one alone counts.
    public var lossesInMetaLoss: Int {
        lossWeights.rule == .final
            ? 1 : estimation.lossesInMetaLoss(Unroll(schedule.unrollLength, lossWeights: lossWeights))
    }

    /// Steps of optimizees in all, those of evaluations included, and each as often as it is taken: the measure of a
    /// trial's work.
    public var totalSteps: Double {
        Double(schedule.trainingSteps) * Double(stepsPerStep)
            + steps(inEvaluations: schedule.epochsInAll / evaluationEvery + (schedule.starts?.count ?? 1))
            + (safeguards.selection.map { Double($0.checkpoints) * Double($0.epochs) } ?? 0)
            * Double(schedule.epochLength)
    }

    /// The part of the total that is done after so many meta-steps, at the end of an epoch.
    public func work(upToMetaStep metaStep: Int) -> Double {
        schedule.steps(inMetaSteps: metaStep) * Double(stepsPerStep)
            + steps(inEvaluations: schedule.epoch(afterMetaStep: metaStep) / evaluationEvery)
    }

    /// How often a step of an unroll is taken, by all students together.
    var stepsPerStep: Int { students * estimation.passes }

    private func steps(inEvaluations count: Int) -> Double {
        Double(count) * Double(evaluationEpochs) * Double(schedule.epochLength)
    }
}
