import Foundation
import Nouns
import Optimizers
import Problems
import TensorEngine

/// How a learned optimizer is trained.
public struct MetaTrainingSettings: Sendable {
    public var epochs: Int
    /// Steps of the optimizee in an epoch; a multiple of `unrollLength`.
    public var steps: Int
    public var unrollLength: Int
    /// Stages with other steps, in the order of their ends, before the epochs have `steps`. Evaluations always have.
    public var curriculum: [CurriculumStage]
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

    public init(
        epochs: Int, steps: Int, unrollLength: Int, curriculum: [CurriculumStage] = [],
        randomScaling: ClosedRange<Double>? = nil, metaOptimizer: MetaOptimizer, estimation: MetaGradientEstimation,
        lossWeights: LossWeights = .equal, initial: [Double]? = nil, gradientClip: Double?, averaging: Double,
        evaluationEvery: Int, evaluationEpochs: Int
    ) {
        precondition(
            ([steps] + curriculum.map(\.steps)).allSatisfy { $0.isMultiple(of: unrollLength) },
            "an epoch is whole unrolls")
        self.epochs = epochs
        self.steps = steps
        self.unrollLength = unrollLength
        self.curriculum = curriculum
        self.randomScaling = randomScaling
        self.metaOptimizer = metaOptimizer
        self.estimation = estimation
        self.lossWeights = lossWeights
        self.initial = initial
        self.gradientClip = gradientClip
        self.averaging = averaging
        self.evaluationEvery = evaluationEvery
        self.evaluationEpochs = evaluationEpochs
    }
}

extension MetaTrainingSettings {
    /// What keeps a meta-loss finite.
    fileprivate var remedy: String {
        if metaOptimizer.metaParameters.isEmpty {
            return "a smaller metaTraining.learningRate or deviation of its estimator, or a metaTraining.gradientClip, "
                + "keeps it finite"
        }
        return "the meta-optimizer was itself learned and has no learning rate; a smaller outputScale of it, or a "
            + "metaTraining.gradientClip, may keep it finite"
    }
}

/// The training of one learned optimizer by a gradient of its meta-loss, unroll after unroll.
public struct MetaTrainingTrial<Scalar: TensorScalar>: Sendable {
    private let family: any ProblemFamily
    private let optimizers: ParameterGroups
    let settings: MetaTrainingSettings
    /// What evaluations run, with the meta-parameters of the time.
    private let evaluation: OptimizationTrial<Scalar>

    public init(family: any ProblemFamily, optimizers: ParameterGroups, settings: MetaTrainingSettings) {
        evaluation = OptimizationTrial(
            family: family, optimizers: optimizers,
            metaParameters: Array(repeating: 0, count: optimizers.metaParameters.elementCount), steps: settings.steps)
        self.family = family
        self.optimizers = optimizers
        self.settings = settings
    }

    /// One optimizer for all parameters.
    public init(family: any ProblemFamily, optimizer: any Optimizer, settings: MetaTrainingSettings) {
        self.init(family: family, optimizers: ParameterGroups(optimizer), settings: settings)
    }

    /// The optimizer that was best by evaluation.
    public struct Outcome: Sendable, Hashable {
        /// The mean final loss of its evaluation.
        public var evaluationLoss: Double
        /// The epoch after which it was evaluated.
        public var epoch: Int
        public var metaParameters: [NamedTensor]
        /// The mean of the optimizee's losses over the last unroll, by their weights.
        public var finalLoss: Double
        /// Whether it optimizes at all.
        public var success: MetaTrainingSuccess
    }

    /// Runs the training, or goes on from a checkpoint to the same bits.
    ///
    /// - Throws: `CancellationError`; `TrialFailure` where the meta-loss or its gradient is no longer finite, the
    ///   checkpoint is not one of this trial, or a parameter has no optimizer.
    public func run(seed: UInt64, resuming checkpoint: Data? = nil, _ context: TrialContext) throws -> Outcome {
        let key = RandomKey(seed: seed)
        let metaUpdate = MetaUpdate<Scalar>(settings.metaOptimizer, of: optimizers.metaParameters)
        var state = MetaTrainingState<Scalar>(
            optimizers, metaUpdate, initial: settings.initial,
            experience: try settings.estimation.experience(optimizers, isNew: settings.initial == nil), key: key)
        if let checkpoint { try state.restore(checkpoint) }
        let metaGradient = ElementBuffer<Scalar>(count: metaUpdate.count)
        let trained = settings.randomScaling.map { RandomScalingFamily(family, $0) } ?? family
        var estimator: (parameters: [Parameter], value: any MetaGradientEstimator<Scalar>)?

        while state.epoch < settings.epochs {
            let epochKey = key.derived("epoch", UInt64(state.epoch))
            let problem = trained.problem(epochKey)
            if estimator?.parameters != problem.parameters {
                estimator = (
                    problem.parameters,
                    try settings.estimation.estimator(
                        problem, optimizers, unrollLength: settings.unrollLength, lossWeights: settings.lossWeights,
                        experience: state.experience)
                )
            }
            let current = estimator!.value
            current.start(key: epochKey)
            let firstMetaStep = settings.metaSteps(beforeEpoch: state.epoch)
            for index in 0..<settings.steps(inEpoch: state.epoch) / settings.unrollLength {
                try context.checkCancellation()
                let began = context.now()
                let metaLoss = current.run(
                    metaParameters: state.metaParameters, metaGradient: metaGradient, on: context.executor)
                let metaStep = firstMetaStep + index
                guard metaLoss.isFinite else {
                    let found = metaLoss.isNaN ? "NaN" : "\(metaLoss)"
                    throw TrialFailure("the meta-loss was \(found) at meta-step \(metaStep): \(settings.remedy)")
                }
                guard isFinite(metaGradient) else {
                    throw TrialFailure("the meta-gradient was not finite at meta-step \(metaStep): \(settings.remedy)")
                }
                clip(metaGradient)
                metaUpdate.run(
                    step: metaStep + 1, loss: metaLoss / Double(settings.lossesInMetaLoss),
                    heldTensors: current.heldTensors, metaParameters: state.metaParameters,
                    metaGradient: metaGradient, state: state.optimizerState)
                state.average(decay: settings.averaging, step: metaStep)
                state.lastMetaLoss = metaLoss
                context.emit(.points(metric: .metaLoss, firstStep: metaStep, stride: 1, values: [metaLoss]))
                context.emit(
                    .points(metric: .metaStepSeconds, firstStep: metaStep, stride: 1, values: [context.now() - began]))
                context.emit(.advanced(steps: Double(settings.unrollLength * settings.estimation.passes)))
            }
            state.epoch += 1
            if state.epoch.isMultiple(of: settings.evaluationEvery) || state.epoch == settings.epochs {
                current.endEpoch()
                try evaluate(&state, key: key, context)
                current.errors(state.averageMetaParameters, on: context.executor).map { tell($0, state, context) }
            }
            context.emit(
                .checkpoint(Checkpoint(step: settings.metaSteps(beforeEpoch: state.epoch), data: state.encoded())))
        }
        return Outcome(
            evaluationLoss: state.bestLoss, epoch: state.bestEpoch,
            metaParameters: NamedTensor.tensors(optimizers.metaParameters, state.bestMetaParameters.start),
            finalLoss: state.lastMetaLoss / Double(settings.lossesInMetaLoss), success: try success(state, key: key))
    }

    /// Holds the best evaluation against the losses with which its epochs begin.
    private func success(_ state: MetaTrainingState<Scalar>, key: RandomKey) throws -> MetaTrainingSuccess {
        guard state.bestLoss.isFinite else { return .diverged }
        var total = 0.0
        for index in 0..<settings.evaluationEpochs {
            let trialKey = key.derived("evaluation epoch", UInt64(index))
            total += try evaluation.initialLoss(family.problem(trialKey), key: trialKey)
        }
        let initialLoss = total / Double(settings.evaluationEpochs)
        return state.bestLoss < initialLoss ? .improved : .noBetter(than: initialLoss)
    }

    private func tell(_ errors: ImitationErrors, _ state: MetaTrainingState<Scalar>, _ context: TrialContext) {
        let values = [
            (Metric.determination, errors.determination), (.medianError, errors.median),
            (.maximumError, errors.maximum),
        ]
        for (metric, value) in values {
            context.emit(.points(metric: metric, firstStep: state.epoch, stride: 1, values: [value]))
        }
        guard state.epoch == settings.epochs else { return }
        context.emit(.points(metric: .errorHistogram, firstStep: 0, stride: 1, values: errors.histogram))
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func isFinite(_ gradient: ElementBuffer<Scalar>) -> Bool {
        (0..<gradient.count).allSatisfy { gradient.start[$0].isFinite }
    }

    private func clip(_ gradient: ElementBuffer<Scalar>) {
        guard let bound = settings.gradientClip else { return }
        var square = 0.0
        for index in 0..<gradient.count { square += Double(gradient.start[index]) * Double(gradient.start[index]) }
        let scale = bound / square.squareRoot()
        guard scale < 1 else { return }
        for index in 0..<gradient.count { gradient.start[index] *= Scalar(scale) }
    }

    private func evaluate(_ state: inout MetaTrainingState<Scalar>, key: RandomKey, _ context: TrialContext) throws {
        let trial = evaluation.with(metaParameters: state.averageMetaParameters.elements)
        let quiet = TrialContext(
            executor: context.executor, isCancelled: context.isCancelled,
            emit: { event in
                if case .advanced = event { context.emit(event) }
            }, now: context.now)
        var total = 0.0
        for index in 0..<settings.evaluationEpochs {
            let trialKey = key.derived("evaluation epoch", UInt64(index))
            total += try trial.run(family.problem(trialKey), key: trialKey, scoresTest: false, quiet).finalLoss
        }
        let loss = total / Double(settings.evaluationEpochs)
        context.emit(.points(metric: .evaluationLoss, firstStep: state.epoch, stride: 1, values: [loss]))
        if loss.isLowerLoss(than: state.bestLoss) || state.bestEpoch == 0 {
            state.bestLoss = loss
            state.bestEpoch = state.epoch
            state.bestMetaParameters.start.update(
                from: state.averageMetaParameters.start, count: state.bestMetaParameters.count)
        }
    }
}
