import Formats
import Nouns

/// The kinds and names that a spec may use.
///
/// This target names none itself: whoever reads a spec hands it the vocabulary that it is read with. Checks and their
/// messages, defaults, the schema and the reference page all follow from it.
public struct Vocabulary: Sendable {
    /// How meta-training finds the gradient of its meta-loss, as far as specs go.
    public struct Estimator: Sendable {
        public let kind: Kind
        /// Whether it follows the derivatives of a problem's loss, so that a loss without one is refused.
        public let followsDerivatives: Bool
        /// Whether it may go through the optimizee's gradient too.
        public let takesSecondDerivatives: Bool
        /// Whether its meta-loss is the sum of the optimizee's losses, so that each may have a weight.
        public let weighsLosses: Bool
        /// How many times each step of an unroll is taken, about, by the estimator's settings.
        package let passes: @Sendable (JSONValue) -> Double

        public init(
            _ kind: Kind, followsDerivatives: Bool, takesSecondDerivatives: Bool, weighsLosses: Bool = true,
            passes: @escaping @Sendable (JSONValue) -> Double = { _ in 1 }
        ) {
            self.kind = kind
            self.followsDerivatives = followsDerivatives
            self.takesSecondDerivatives = takesSecondDerivatives
            self.weighsLosses = weighsLosses
            self.passes = passes
        }
    }

    /// What is optimized.
    public let problems: [Kind]
    /// Hand-designed optimizers. Each has a `learningRate` among its fields, and where evaluations name it, each of its
    /// numbers may be tuned.
    public let updateRules: [Kind]
    /// Optimizers that meta-training can make; the first is the default.
    public let learnedOptimizers: [Kind]
    /// How meta-training finds the gradient of its meta-loss; the first is the default.
    public let estimators: [Estimator]
    /// The update rule that changes meta-parameters where a spec doesn't say.
    public let usualMetaOptimizer: String
    /// How the learning rate of meta-training may fall: a field `learningRateDecay`.
    public let learningRateDecay: Field
    /// How the learning rate of a rule may change over an evaluation's steps: a field `schedule`.
    public let schedule: Field
    /// The kinds of trials that a spec may ask for, each after those that it needs. There are none until they are set.
    public var trialKinds: [any PlannedTrialKind] = []

    public init(
        problems: [Kind], updateRules: [Kind], learnedOptimizers: [Kind], estimators: [Estimator],
        usualMetaOptimizer: String, learningRateDecay: Field, schedule: Field
    ) {
        self.problems = problems
        self.updateRules = updateRules
        self.learnedOptimizers = learnedOptimizers
        self.estimators = estimators
        self.usualMetaOptimizer = usualMetaOptimizer
        self.learningRateDecay = learningRateDecay
        self.schedule = schedule
    }
}
