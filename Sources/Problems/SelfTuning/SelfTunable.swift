import Nouns
import TensorEngine

/// A problem that hyperparameters can be trained on beside its weights.
public protocol SelfTunable: Sendable {
    /// What hyperparameters it has; called so where a spec gives them no name.
    var tunableHyperparameters: [TunableHyperparameter] { get }

    /// What is measured after each round, and may be a target.
    var tunedMeasures: [Metric] { get }

    /// The problem with a response to its hyperparameters.
    ///
    /// - Parameters:
    ///   - hyperparameters: those that are trained, each with what it stands for.
    ///   - batchSize: how many examples a batch has, in training and in validation.
    func tuned(
        _ hyperparameters: [(TunableHyperparameter, Hyperparameter)], response: HyperResponse, batchSize: Int
    ) -> any SelfTunedObjective
}

/// Something about a problem that may be tuned.
public struct TunableHyperparameter: Hashable, Sendable {
    /// Its kind in specs.
    public let kind: String

    public init(_ kind: String) {
        self.kind = kind
    }
}

/// The two levels of tuning: weights follow the loss of the one, hyperparameters that of the other.
public enum TuningLevel: String, Hashable, Sendable, CaseIterable {
    /// With everything that hyperparameters do to the training: noise, penalties, the range of inputs.
    case training
    /// Without.
    case validation
}

/// Which data a batch of a self-tuning network holds.
public enum TuningBatch: Hashable, Sendable {
    /// For a step of a level: the first is 0.
    case level(TuningLevel, step: Int)
    /// What is measured on after a round, always the same.
    case measured
}

/// What a self-tuning network minimizes: one loss a level, of the same weights and hyperparameters.
public protocol SelfTunedObjective: Sendable {
    /// Weights, and what makes them respond.
    var parameters: [Parameter] { get }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey)

    /// How many examples a batch has.
    var batchSize: Int { get }

    /// The shapes of a batch's tensors, the same at all steps.
    func shapes(of batch: TuningBatch) -> [Shape]

    /// Writes a batch.
    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: TuningBatch, key: RandomKey)

    /// The mean loss of a batch, a scalar, traced.
    func loss(
        _ parameters: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor], _ level: TuningLevel
    ) -> Tensor

    /// What is measured after a round, scalars by name, traced.
    func measures(
        _ parameters: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: Metric, value: Tensor)]

    /// What a snapshot shows beside the hyperparameters, by name, traced.
    func pictures(
        _ parameters: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: String, value: Tensor)]

    /// What theory says of measures.
    var bounds: [Metric: Double] { get }
}
