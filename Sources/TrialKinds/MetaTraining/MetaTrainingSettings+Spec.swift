import ExperimentSpec
import MetaTraining
import Optimizers
import Registry

extension MetaTrainingSettings {
    /// What a spec says of a meta-training, with the things that the registry makes of it.
    package init(_ spec: MetaTrainingSpec, _ registry: Registry) {
        self.init(
            epochs: spec.epochs, steps: spec.steps, unrollLength: spec.unrollLength,
            curriculum: spec.curriculum.map { CurriculumStage(untilEpoch: $0.until, steps: $0.steps) },
            randomScaling: spec.randomScaling, metaOptimizer: Self.unsettled, estimation: registry.estimation(spec),
            lossWeights: LossWeights(exponent: spec.lossWeightExponent, steps: spec.steps),
            gradientClip: spec.gradientClip, averaging: spec.averaging,
            evaluationEvery: spec.evaluation.every, evaluationEpochs: spec.evaluation.epochs)
        guard case .rule(let rule) = spec.metaOptimizer else { return }
        guard let decay = LearningRate.Decay(rawValue: spec.learningRateDecay) else {
            preconditionFailure("no learning rate falls as \(spec.learningRateDecay)")
        }
        metaOptimizer = MetaOptimizer(registry.optimizer(rule, decay: decay, steps: metaSteps))
    }

    /// Changes nothing: stands where a learned meta-optimizer is to come.
    private static let unsettled = MetaOptimizer(GradientDescent(learningRate: 0.0))
}
