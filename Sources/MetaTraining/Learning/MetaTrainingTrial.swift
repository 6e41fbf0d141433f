import Foundation
import Nouns
import Optimizers
import Problems
import TensorEngine

/// The training of one learned optimizer by a gradient of its meta-loss, unroll after unroll.
public struct MetaTrainingTrial<Scalar: TensorScalar>: Sendable {
    let family: any ProblemFamily
    private let optimizers: ParameterGroups
    let settings: MetaTrainingSettings
    /// What evaluations run, with the meta-parameters of the time.
    let evaluation: OptimizationTrial<Scalar>

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
        /// How many times a student was left out of a meta-step.
        public var leftOut: Int
    }

    /// Runs the training, or goes on from a checkpoint to the same bits.
    ///
    /// - Throws: `CancellationError`; `TrialFailure` where the meta-loss or its gradient is no longer finite, the
    ///   checkpoint is not one of this trial, or a parameter has no optimizer.
    public func run(seed: UInt64, resuming checkpoint: Data? = nil, _ context: TrialContext) throws -> Outcome {
        let key = RandomKey(seed: seed)
        let metaUpdate = MetaUpdate<Scalar>(settings.metaOptimizer, of: optimizers.metaParameters)
        var state = MetaTrainingState<Scalar>(
            optimizers, metaUpdate, settings,
            memory: try settings.estimation.memory(optimizers, isNew: settings.initial == nil), key: key)
        if let checkpoint { try state.restore(checkpoint) }
        let students = StudentsSideBySide<Scalar>(
            settings.randomScaling.map { RandomScalingFamily(family, $0) } ?? family, optimizers, settings.estimation,
            count: settings.students, metaGradientCount: metaUpdate.count, memory: state.memory)

        let schedule = settings.schedule
        while state.epoch < schedule.epochsInAll {
            try runEpoch(&state, students, metaUpdate, key: key, context)
            if schedule.isEvaluated(afterEpoch: state.epoch, every: settings.evaluationEvery) {
                state.epoch += 1
                students.endEpoch()
                try evaluate(&state, key: key, context)
                students.errors(state.averageMetaParameters, on: context.executor).map { tell($0, state, context) }
                returnToBest(&state, metaUpdate)
            } else {
                state.epoch += 1
            }
            endStart(&state, metaUpdate, key: key)
            context.emit(
                .checkpoint(Checkpoint(step: schedule.metaSteps(beforeEpoch: state.epoch), data: state.encoded())))
        }
        try select(&state, key: key, context)
        return Outcome(
            evaluationLoss: state.bestLoss, epoch: state.bestEpoch,
            metaParameters: NamedTensor.tensors(optimizers.metaParameters, state.bestMetaParameters.start),
            finalLoss: state.lastMetaLoss / Double(settings.lossesInMetaLoss), success: try success(state, key: key),
            leftOut: state.guarded?.leftOut ?? 0)
    }

    /// An epoch's meta-steps.
    private func runEpoch(
        _ state: inout MetaTrainingState<Scalar>, _ students: StudentsSideBySide<Scalar>,
        _ metaUpdate: MetaUpdate<Scalar>, key: RandomKey, _ context: TrialContext
    ) throws {
        let schedule = settings.schedule
        let epoch = schedule.epochOfStart(state.epoch)
        let unrolls = schedule.unrolls(inEpoch: epoch)
        // What grows is shorter than an epoch.
        let unrollsOfOne =
            state.guarded.flatMap { $0.horizon > 0 ? $0.horizon / schedule.unrollLength : nil } ?? unrolls
        let unroll = settings.unroll(inOptimizationOf: unrollsOfOne * schedule.unrollLength)
        let firstMetaStep = schedule.metaSteps(beforeEpoch: state.epoch)
        let firstOfStart = schedule.metaSteps(beforeEpochOfStart: epoch)
        let metaGradient = ElementBuffer<Scalar>(count: metaUpdate.count)
        let epochKey = keyOfStart(state, key).derived("epoch", UInt64(epoch))
        for index in 0..<unrolls {
            let (optimization, indexInOne) = index.quotientAndRemainder(dividingBy: unrollsOfOne)
            if indexInOne == 0 {
                try students.start(
                    key: optimization == 0 ? epochKey : epochKey.derived("optimization", UInt64(optimization)), unroll,
                    unrolls: unrollsOfOne, metaParameters: state.metaParameters, on: context.executor)
            }
            try context.checkCancellation()
            let began = context.now()
            let metaStep = firstMetaStep + index
            let found = try students.run(
                indexInOne, metaParameters: state.metaParameters, metaGradient: metaGradient, on: context.executor)
            context.emit(.advanced(steps: Double(unroll.length * settings.stepsPerStep)))
            guard try goesOn(found, state, metaStep: metaStep) else { continue }
            clip(metaGradient)
            metaUpdate.run(
                step: firstOfStart + index + 1, loss: found.metaLoss / Double(settings.lossesInMetaLoss),
                heldTensors: students.heldTensors, share: state.guarded?.rateFactor ?? 1,
                metaParameters: state.metaParameters, metaGradient: metaGradient, state: state.optimizerState)
            state.average(decay: settings.averaging, step: firstOfStart + index)
            state.lastMetaLoss = found.metaLoss
            context.emit(.points(metric: .metaLoss, firstStep: metaStep, stride: 1, values: [found.metaLoss]))
            context.emit(
                .points(metric: .metaStepSeconds, firstStep: metaStep, stride: 1, values: [context.now() - began]))
        }
    }

    /// Counts students that are left out.
    ///
    /// - Returns: whether there is a meta-gradient at all.
    /// - Throws: `TrialFailure` where more are than may be.
    private func goesOn(
        _ found: StudentsSideBySide<Scalar>.MetaStep, _ state: MetaTrainingState<Scalar>, metaStep: Int
    ) throws -> Bool {
        guard found.notFinite > 0 else { return true }
        let limit = settings.safeguards.leavesOut
        state.guarded?.leftOut += found.notFinite
        if let leftOut = state.guarded?.leftOut, leftOut <= limit { return found.notFinite < settings.students }
        let before = limit > 0 ? ", after \(limit) that were left out" : ""
        if let loss = found.faultyLoss {
            throw TrialFailure(
                "the meta-loss was \(loss.isNaN ? "NaN" : "\(loss)") at meta-step \(metaStep)\(before): "
                    + settings.remedy)
        }
        throw TrialFailure("the meta-gradient was not finite at meta-step \(metaStep)\(before): \(settings.remedy)")
    }

    /// Goes back to the best meta-parameters where enough evaluations were no better, the meta-optimizer beginning anew.
    private func returnToBest(_ state: inout MetaTrainingState<Scalar>, _ metaUpdate: MetaUpdate<Scalar>) {
        guard let returning = settings.safeguards.returning, let guarded = state.guarded,
            guarded.evaluationsSinceBest >= returning.evaluations, state.bestLoss.isFinite
        else { return }
        guarded.evaluationsSinceBest = 0
        guarded.rateFactor *= returning.rateFactor
        state.metaParameters.start.update(
            from: state.bestMetaParameters.start, count: state.bestMetaParameters.count)
        state.averageMetaParameters.copy(from: state.bestMetaParameters)
        metaUpdate.initializeState(state.optimizerState)
    }

    /// After a start comes the next one; after all, the best of them goes on.
    private func endStart(_ state: inout MetaTrainingState<Scalar>, _ metaUpdate: MetaUpdate<Scalar>, key: RandomKey) {
        let schedule = settings.schedule
        guard let guarded = state.guarded, let ended = schedule.start(ofEpoch: state.epoch - 1),
            schedule.start(ofEpoch: state.epoch) != ended
        else { return }
        guarded.end(start: ended, state)
        guarded.begin(schedule)
        if schedule.start(ofEpoch: state.epoch) == nil {
            guarded.goOn(&state)
        } else {
            state.begin(optimizers, metaUpdate, initial: settings.initial, key: keyOfStart(state, key))
        }
    }

    /// The first start's key is the one that there is without others.
    private func keyOfStart(_ state: MetaTrainingState<Scalar>, _ key: RandomKey) -> RandomKey {
        let start = settings.schedule.start(ofEpoch: state.epoch) ?? state.guarded?.chosenStart ?? 0
        return start == 0 ? key : key.derived("start", UInt64(start))
    }

    private func clip(_ gradient: ElementBuffer<Scalar>) {
        guard let bound = settings.gradientClip else { return }
        var square = 0.0
        for index in 0..<gradient.count { square += Double(gradient.start[index]) * Double(gradient.start[index]) }
        let scale = bound / square.squareRoot()
        guard scale < 1 else { return }
        for index in 0..<gradient.count { gradient.start[index] *= Scalar(scale) }
    }
}
