import ExperimentSpec
import Formats
import MetaTraining
import Nouns

/// An estimator of meta-gradients as specs name it: its format, and how it is made of settings.
public struct EstimatorKind: Sendable {
    let name: String
    /// Its format, where these are the coordinatewise update rules.
    let format: @Sendable (_ guides: [Kind]) -> Vocabulary.Estimator
    /// The estimation of settings, all of which are there.
    let make: @Sendable (Settings, MetaTrainingSpec, Registry) -> MetaGradientEstimation

    /// - Parameters:
    ///   - name: what specs call it.
    ///   - summary: one sentence.
    ///   - followsDerivatives: whether it follows the derivatives of a problem's loss, so that a loss without one is
    ///     refused.
    ///   - takesSecondDerivatives: whether it may go through the optimizee's gradient too; if it isn't said, where it
    ///     follows derivatives.
    ///   - weighsLosses: whether its meta-loss is the sum of the optimizee's losses, so that each may have a weight.
    ///   - passes: how many times each step of an unroll is taken, about, by the estimator's settings.
    ///   - fields: what it is set by, where these are the update rules that can guide: the coordinatewise ones.
    ///   - make: the estimation of its own settings and those of the whole meta-training.
    public init(
        _ name: String, _ summary: String, followsDerivatives: Bool, takesSecondDerivatives: Bool? = nil,
        weighsLosses: Bool = true,
        passes: @escaping @Sendable (JSONValue) -> Double = { _ in 1 },
        fields: @escaping @Sendable (_ guides: [Kind]) -> [Field] = { _ in [] },
        make: @escaping @Sendable (Settings, MetaTrainingSpec, Registry) -> MetaGradientEstimation
    ) {
        self.name = name
        format = { guides in
            Vocabulary.Estimator(
                Kind(name, summary, fields: fields(guides)), followsDerivatives: followsDerivatives,
                takesSecondDerivatives: takesSecondDerivatives ?? followsDerivatives, weighsLosses: weighsLosses,
                passes: passes)
        }
        self.make = make
    }
}
