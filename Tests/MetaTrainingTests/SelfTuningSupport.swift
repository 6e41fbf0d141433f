import Locking
import MetaTraining
import Nouns
import Optimizers
import Problems
import TensorEngine

/// What a trial tells.
struct ToldEvents {
    var points: [Metric: [Double]] = [:]
    var firstSteps: [Metric: [Int]] = [:]
    var snapshots: [Int: [NamedTensor]] = [:]
    var checkpoints: [Checkpoint] = []
    var work = 0.0

    static func context(_ told: Locked<ToldEvents>) -> TrialContext {
        TrialContext(
            executor: SerialPieces(),
            emit: { event in
                told.withLock { told in
                    switch event {
                    case .points(let metric, let firstStep, _, let values):
                        told.points[metric, default: []] += values
                        told.firstSteps[metric, default: []].append(firstStep)
                    case .snapshot(let step, let tensors): told.snapshots[step] = tensors
                    case .checkpoint(let checkpoint): told.checkpoints.append(checkpoint)
                    case .advanced(let steps): told.work += steps
                    }
                }
            }, now: { 0 })
    }
}

extension SelfTuningSettings {
    /// A self-tuning network with two weight steps and one hyperparameter step a round, all by Adam.
    init(
        _ hyperparameters: [(tunable: TunableHyperparameter, value: Hyperparameter)],
        response: HyperResponse? = .scalar, batchSize: Int, rounds: Int = 1
    ) {
        func adam(_ rate: Double) -> MetaOptimizer { MetaOptimizer(Adam(learningRate: LearningRate(rate))) }
        self.init(
            hyperparameters: hyperparameters, response: response, batchSize: batchSize, warmup: 3, rounds: rounds,
            weightSteps: 2, hyperparameterSteps: response == nil ? 0 : 1, entropy: 0.001, weights: adam(0.01),
            center: adam(0.003), scales: adam(0.003))
    }
}
