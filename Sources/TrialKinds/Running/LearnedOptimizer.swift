import ExperimentSpec
import MetaTraining
import Nouns
import Optimizers
import TensorEngine

/// A learned optimizer with its weights, ready to optimize.
package struct LearnedOptimizer: Sendable {
    /// Its kind in the vocabulary.
    package let kind: String
    package let optimizers: ParameterGroups
    /// One for each meta-parameter, in their order.
    package let weights: [NamedTensor]

    package init(kind: String, optimizers: ParameterGroups, weights: [NamedTensor]) {
        self.kind = kind
        self.optimizers = optimizers
        self.weights = weights
    }

    /// All weights, one tensor after the other, rounded where they were learned in a higher precision.
    package func metaParameters<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
        weights.flatMap(\.doubles).map { Scalar($0) }
    }
}
