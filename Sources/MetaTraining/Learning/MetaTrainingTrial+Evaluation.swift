import Nouns
import Optimizers
import Problems
import TensorEngine

extension MetaTrainingTrial {
    /// Tries the average of the meta-parameters, and keeps it where it is the best.
    func evaluate(_ state: inout MetaTrainingState<Scalar>, key: RandomKey, _ context: TrialContext) throws {
        let loss = try meanFinalLoss(
            state.averageMetaParameters, epochs: settings.evaluationEpochs, key: key, "evaluation epoch", context)
        context.emit(.points(metric: .evaluationLoss, firstStep: state.epoch, stride: 1, values: [loss]))
        state.guarded?.keep(state.averageMetaParameters, loss: loss, epoch: state.epoch)
        let isBest = loss.isLowerLoss(than: state.bestLoss) || state.bestEpoch == 0
        state.guarded?.count(evaluationIsBest: isBest, settings.schedule)
        if isBest {
            state.bestLoss = loss
            state.bestEpoch = state.epoch
            state.bestMetaParameters.copy(from: state.averageMetaParameters)
        }
    }

    /// Tries those that were best by evaluation on problems that no evaluation has seen, where the settings ask for it.
    func select(_ state: inout MetaTrainingState<Scalar>, key: RandomKey, _ context: TrialContext) throws {
        guard let selection = settings.safeguards.selection, let guarded = state.guarded else { return }
        var best = Double.nan
        for (index, candidate) in guarded.kept.enumerated() {
            let loss = try meanFinalLoss(
                candidate.metaParameters, epochs: selection.epochs, key: key, "selection epoch", context)
            guard index == 0 || loss.isLowerLoss(than: best) else { continue }
            best = loss
            (state.bestLoss, state.bestEpoch) = (loss, candidate.epoch)
            state.bestMetaParameters.copy(from: candidate.metaParameters)
        }
    }

    /// Holds the best evaluation against the losses with which its epochs begin.
    func success(_ state: MetaTrainingState<Scalar>, key: RandomKey) throws -> MetaTrainingSuccess {
        guard state.bestLoss.isFinite else { return .diverged }
        var total = 0.0
        for index in 0..<settings.evaluationEpochs {
            let trialKey = key.derived("evaluation epoch", UInt64(index))
            total += try evaluation.initialLoss(family.problem(trialKey), key: trialKey)
        }
        let initialLoss = total / Double(settings.evaluationEpochs)
        return state.bestLoss < initialLoss ? .improved : .noBetter(than: initialLoss)
    }

    /// - Parameter purpose: what the problems are for; their keys derive from it.
    private func meanFinalLoss(
        _ metaParameters: ElementBuffer<Scalar>, epochs: Int, key: RandomKey, _ purpose: String,
        _ context: TrialContext
    ) throws -> Double {
        let trial = evaluation.with(metaParameters: metaParameters.elements)
        let quiet = TrialContext(
            executor: context.executor, isCancelled: context.isCancelled,
            emit: { event in
                if case .advanced = event { context.emit(event) }
            }, now: context.now)
        var total = 0.0
        for index in 0..<epochs {
            let trialKey = key.derived(purpose, UInt64(index))
            total += try trial.run(family.problem(trialKey), key: trialKey, scoresTest: false, quiet).finalLoss
        }
        return total / Double(epochs)
    }

    /// Records how well imitation goes.
    func tell(_ errors: ImitationErrors, _ state: MetaTrainingState<Scalar>, _ context: TrialContext) {
        let values = [
            (Metric.determination, errors.determination), (.medianError, errors.median),
            (.maximumError, errors.maximum),
        ]
        for (metric, value) in values {
            context.emit(.points(metric: metric, firstStep: state.epoch, stride: 1, values: [value]))
        }
        guard state.epoch == settings.schedule.epochsInAll else { return }
        context.emit(.points(metric: .errorHistogram, firstStep: 0, stride: 1, values: errors.histogram))
    }
}
