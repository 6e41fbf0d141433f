import Nouns
import Problems

/// How a network tunes its own hyperparameters (MacKay et al. 2019, algorithm 1).
public struct SelfTuningSettings: Sendable {
    public var hyperparameters: [(tunable: TunableHyperparameter, value: Hyperparameter)]
    /// Nil for weights that don't respond: then hyperparameters stay as they are, and no example has others.
    public var response: HyperResponse?
    /// Whether weights respond to perturbations alone, and are themselves those at the hyperparameters (Δ-STN).
    public var isCentred: Bool
    /// What the response follows where it is trained apart from the weights, on predictions that are linear in it, while
    /// weights follow the loss at the hyperparameters themselves (Δ-STN); nil to train both together.
    public var linearizedResponse: MetaOptimizer?
    public var batchSize: Int
    public var heldOut: HeldOutCounts
    /// Weight steps before the first round.
    public var warmup: Int
    public var rounds: Int
    /// Weight steps of a round, and the hyperparameter steps after them.
    public var weightSteps: Int
    public var hyperparameterSteps: Int
    /// How much the entropy of the perturbations counts against the validation loss, τ.
    public var entropy: Double
    public var weights: MetaOptimizer
    public var center: MetaOptimizer
    public var scales: MetaOptimizer
    /// The measure that ends it when it comes below a value; nil to run all rounds.
    public var target: (metric: Metric, below: Double)?
    /// Rounds from one snapshot to the next; nil for none.
    public var snapshotEvery: Int?

    public init(
        hyperparameters: [(tunable: TunableHyperparameter, value: Hyperparameter)], response: HyperResponse?,
        isCentred: Bool = false, linearizedResponse: MetaOptimizer? = nil, batchSize: Int,
        heldOut: HeldOutCounts = HeldOutCounts(), warmup: Int, rounds: Int, weightSteps: Int, hyperparameterSteps: Int,
        entropy: Double,
        weights: MetaOptimizer, center: MetaOptimizer, scales: MetaOptimizer,
        target: (metric: Metric, below: Double)? = nil, snapshotEvery: Int? = nil
    ) {
        self.hyperparameters = hyperparameters
        self.response = response
        self.isCentred = isCentred
        self.linearizedResponse = linearizedResponse
        self.batchSize = batchSize
        self.heldOut = heldOut
        self.warmup = warmup
        self.rounds = rounds
        self.weightSteps = weightSteps
        self.hyperparameterSteps = hyperparameterSteps
        self.entropy = entropy
        self.weights = weights
        self.center = center
        self.scales = scales
        self.target = target
        self.snapshotEvery = snapshotEvery
    }

    /// Whether hyperparameters change.
    var isTuned: Bool { hyperparameterSteps > 0 }

    var isLinearized: Bool { linearizedResponse != nil }

    /// What they ask of a problem.
    public var request: TuningRequest {
        // A linearized response begins at none, as in the code published with Bae and Grosse 2020.
        TuningRequest(
            hyperparameters, response: response, coefficientDeviation: isLinearized ? 0 : 0.1, batchSize: batchSize,
            heldOut: heldOut)
    }
}
