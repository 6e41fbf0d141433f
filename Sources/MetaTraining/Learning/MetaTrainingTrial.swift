import Foundation
import Nouns
import Optimizers
import Problems
import TensorEngine

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
            metaParameters: Array(repeating: 0, count: optimizers.metaParameters.elementCount),
            steps: settings.schedule.epochLength)
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
            memory: try settings.estimation.memory(optimizers, isNew: settings.initial == nil), key: key)
        if let checkpoint { try state.restore(checkpoint) }
        let metaGradient = ElementBuffer<Scalar>(count: metaUpdate.count)
        let trained = settings.randomScaling.map { RandomScalingFamily(family, $0) } ?? family
        var estimator: (parameters: [Parameter], unroll: Unroll, value: any MetaGradientEstimator<Scalar>)?

        let schedule = settings.schedule
        while state.epoch < schedule.epochs {
            let epochKey = key.derived("epoch", UInt64(state.epoch))
            let problem = trained.problem(epochKey)
            let unroll = settings.unroll(inEpoch: state.epoch)
            if estimator?.parameters != problem.parameters || estimator?.unroll != unroll {
                estimator = (
                    problem.parameters, unroll,
                    try settings.estimation.estimator(problem, optimizers, unroll, memory: state.memory)
                )
            }
            let current = estimator!.value
            current.start(key: epochKey)
            let firstMetaStep = schedule.metaSteps(beforeEpoch: state.epoch)
            for index in 0..<schedule.unrolls(inEpoch: state.epoch) {
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
                context.emit(.advanced(steps: Double(unroll.length * settings.estimation.passes)))
            }
            state.epoch += 1
            if state.epoch.isMultiple(of: settings.evaluationEvery) || state.epoch == settings.schedule.epochs {
                current.endEpoch()
                try evaluate(&state, key: key, context)
                current.errors(state.averageMetaParameters, on: context.executor).map { tell($0, state, context) }
            }
            context.emit(
                .checkpoint(Checkpoint(step: schedule.metaSteps(beforeEpoch: state.epoch), data: state.encoded())))
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
        guard state.epoch == settings.schedule.epochs else { return }
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
