import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Optimizers
import Registry
import TensorEngine

/// A learned optimizer with its weights, ready to optimize.
package struct LearnedOptimizer: Sendable {
    /// Its kind in the vocabulary, and its settings.
    package let spec: LearnedOptimizerSpec
    package let optimizers: ParameterGroups
    /// How long its steps are over the steps of an evaluation.
    private let schedule: LearningRateSchedule
    /// One for each meta-parameter, in their order.
    package let weights: [NamedTensor]

    package init(
        spec: LearnedOptimizerSpec, optimizers: ParameterGroups, schedule: LearningRateSchedule = .constant,
        weights: [NamedTensor]
    ) {
        self.spec = spec
        self.optimizers = optimizers
        self.schedule = schedule
        self.weights = weights
    }

    /// The same weights with some settings replaced, which decide no weight's shape, and with a schedule if there is one
    /// among them.
    package func adjusted(by settings: Settings, _ registry: Registry) -> LearnedOptimizer {
        let replacing = Self.replacing(settings)
        let spec = LearnedOptimizerSpec(settings: Settings(spec.settings.values.merging(replacing.values) { $1 }))
        return LearnedOptimizer(
            spec: spec, optimizers: registry.optimizers(spec),
            schedule: LearningRateSchedule(in: settings) ?? schedule, weights: weights)
    }

    /// Those of the settings of an evaluation that replace an optimizer's own.
    package static func replacing(_ settings: Settings) -> Settings {
        Settings(settings.values.filter { $0.key != LearningRateSchedule.format.name })
    }

    /// What optimizes over so many steps.
    func optimizers(steps: Int) -> ParameterGroups { optimizers.scheduled(schedule, steps: steps) }

    /// All weights, one tensor after the other, rounded where they were learned in a higher precision.
    package func metaParameters<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
        weights.flatMap(\.doubles).map { Scalar($0) }
    }
}
