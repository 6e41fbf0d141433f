import ExperimentSpec
import MetaTraining
import Optimizers
import Registry

extension MetaTrainingSettings {
    /// What a spec says of a meta-training, with the things that the registry makes of it.
    package init(_ spec: MetaTrainingSpec, _ registry: Registry) {
        let settings = spec.settings
        let schedule = EpochSchedule(settings)
        let evaluation = settings.settings("evaluation")
        self.init(
            schedule,
            randomScaling: settings.settings(ifGiven: "randomScaling").map { $0.number("low")...$0.number("high") },
            metaOptimizer: .none, estimation: registry.estimation(spec),
            lossWeights: LossWeights(spec, epochLength: schedule.epochLength),
            gradientClip: settings.number(ifGiven: "gradientClip"), averaging: settings.number("averaging"),
            evaluationEvery: evaluation.integer("every"), evaluationEpochs: evaluation.integer("epochs"),
            students: settings.integer(ifGiven: "students") ?? 1, safeguards: Safeguards(settings))
        guard case .rule(let rule) = spec.metaOptimizer else { return }
        let decay: LearningRateDecay = settings.choice("learningRateDecay")
        metaOptimizer = MetaOptimizer(
            registry.optimizer(rule, schedule: decay.schedule, steps: schedule.metaSteps))
    }
}

extension LossWeights {
    /// What specs call the weights of which the last loss alone has one.
    static let finalName = "final"

    fileprivate init(_ spec: MetaTrainingSpec, epochLength: Int) {
        let settings = spec.settings
        let isFinal = settings.text(ifGiven: "lossWeights") == Self.finalName
        self.init(
            isFinal ? .final : .power(settings.integer(ifGiven: "lossWeightExponent") ?? 0), epochLength: epochLength)
    }
}
