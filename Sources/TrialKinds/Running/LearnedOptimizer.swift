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
    /// One for each meta-parameter, in their order.
    package let weights: [NamedTensor]

    package init(spec: LearnedOptimizerSpec, optimizers: ParameterGroups, weights: [NamedTensor]) {
        self.spec = spec
        self.optimizers = optimizers
        self.weights = weights
    }

    /// The same weights with some settings replaced, which decide no weight's shape.
    package func adjusted(by settings: Settings, _ registry: Registry) -> LearnedOptimizer {
        let spec = LearnedOptimizerSpec(settings: Settings(spec.settings.values.merging(settings.values) { $1 }))
        return LearnedOptimizer(spec: spec, optimizers: registry.optimizers(spec), weights: weights)
    }

    /// All weights, one tensor after the other, rounded where they were learned in a higher precision.
    package func metaParameters<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
        weights.flatMap(\.doubles).map { Scalar($0) }
    }
}
