import Nouns
import TensorEngine

/// A problem that hyperparameters can be trained on beside its weights.
public protocol SelfTunable: Sendable {
    /// What hyperparameters it has; called so where a spec gives them no name.
    var tunableHyperparameters: [TunableHyperparameter] { get }

    /// What is measured after each round, and may be a target.
    var tunedMeasures: [Metric] { get }

    /// How many examples can be trained and validated on; nil where they are made as they are wanted.
    var trainingExamples: Int? { get }

    /// The problem with a response to its hyperparameters.
    func tuned(_ request: TuningRequest) -> any SelfTunedObjective
}

/// What of a problem is tuned, and how.
public struct TuningRequest: Sendable {
    /// Those that are trained, each with what it stands for.
    public var hyperparameters: [(tunable: TunableHyperparameter, value: Hyperparameter)]
    /// Nil for weights that don't respond.
    public var response: HyperResponse?
    /// With which deviation the response's coefficients are drawn at first.
    public var coefficientDeviation: Double
    /// How many examples a batch has, in training and in validation.
    public var batchSize: Int
    /// Which of the problem's training examples are trained on, and which validated on.
    public var heldOut: HeldOutCounts

    public init(
        _ hyperparameters: [(tunable: TunableHyperparameter, value: Hyperparameter)], response: HyperResponse?,
        coefficientDeviation: Double = 0.1, batchSize: Int, heldOut: HeldOutCounts = HeldOutCounts()
    ) {
        self.hyperparameters = hyperparameters
        self.response = response
        self.coefficientDeviation = coefficientDeviation
        self.batchSize = batchSize
        self.heldOut = heldOut
    }
}

/// Something about a problem that may be tuned.
public struct TunableHyperparameter: Hashable, Sendable {
    /// Its kind in specs.
    public let kind: String
    /// The layers of which it may be, beside all of them at once; nil where it is of none.
    public let layers: ClosedRange<Int>?
    /// Its natural values lie within.
    public let range: ClosedRange<Double>

    public init(
        _ kind: String, layers: ClosedRange<Int>? = nil,
        range: ClosedRange<Double> = -Double.infinity...Double.infinity
    ) {
        self.kind = kind
        self.layers = layers
        self.range = range
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
    /// Part of a split that is scored at the end.
    case chunk(Int, of: DataSplit)
}

/// What a self-tuning network minimizes: one loss a level, of the same weights and hyperparameters.
public protocol SelfTunedObjective: Sendable {
    /// Weights, and what makes them respond.
    var parameters: [Parameter] { get }

    /// The shapes in which the parameters are computed with: some of them, one after the other, may be one tensor.
    var tensors: [Shape] { get }

    /// Whether each of the parameters is one of the response.
    var isResponse: [Bool] { get }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey)

    /// How many examples a batch has.
    func examples(of batch: TuningBatch) -> Int

    /// The shapes of a batch's tensors, the same at all steps.
    func shapes(of batch: TuningBatch) -> [Shape]

    /// Whether hyperparameters act on a training batch itself, so that it is filled by their natural values.
    var readsHyperparameters: Bool { get }

    /// Writes a batch.
    ///
    /// - Parameter natural: of a training batch whose objective reads them, the natural values of the hyperparameters,
    ///   `[hyperparameters, examples]`.
    func fill<Scalar: TensorScalar>(
        _ tensors: [TensorElements<Scalar>], _ batch: TuningBatch, natural: TensorElements<Scalar>, key: RandomKey)

    /// What the network says of a batch, traced.
    ///
    /// - Parameter weights: of the shapes of `tensors`.
    func predictions(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor], _ level: TuningLevel
    ) -> Tensor

    /// The mean loss of predictions, a scalar, traced.
    func loss(
        _ predictions: Tensor, _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor],
        _ level: TuningLevel
    ) -> Tensor

    /// What is measured after a round, scalars by name, traced.
    func measures(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: Metric, value: Tensor)]

    /// What a snapshot shows beside the hyperparameters, by name, traced.
    func pictures(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: String, value: Tensor)]

    /// The splits that are scored at the end.
    var scoredSplits: [(split: DataSplit, size: ScoredSplit)] { get }

    /// What is summed up over a split that is scored, of the predictions for a chunk of it, traced.
    func scores(_ predictions: Tensor, batch: [Tensor]) -> [Score]

    /// What theory says of measures.
    var bounds: [Metric: Double] { get }
}

/// What holds for objectives that don't say otherwise.
extension SelfTunedObjective {
    public var readsHyperparameters: Bool { false }
    public var scoredSplits: [(split: DataSplit, size: ScoredSplit)] { [] }
    public func scores(_ predictions: Tensor, batch: [Tensor]) -> [Score] { [] }
    public func measures(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: Metric, value: Tensor)] { [] }
    public func pictures(
        _ weights: [Tensor], _ hyperparameters: PerturbedHyperparameters, batch: [Tensor]
    ) -> [(name: String, value: Tensor)] { [] }
    public var bounds: [Metric: Double] { [:] }
}
