import Foundation
import Problems
import TensorEngine

/// Where a self-tuning network stands between two rounds: a checkpoint is this and nothing else.
struct SelfTuningState<Scalar: TensorScalar> {
    let weights: ElementBuffer<Scalar>
    /// Unconstrained values of the hyperparameters, and their scales before the softplus.
    let center: ElementBuffer<Scalar>
    let scales: ElementBuffer<Scalar>
    /// What the optimizers of these three remember.
    let remembered: [ElementBuffer<Scalar>]
    var round = 0
    /// How many steps each level has taken.
    var weightSteps = 0
    var hyperparameterSteps = 0
    var losses = (training: Double.nan, validation: Double.nan)
    /// The lowest that the target's measure has been.
    var best = Double.infinity

    init(
        _ objective: any SelfTunedObjective, _ hyperparameters: [Hyperparameter], remembered: [ElementBuffer<Scalar>],
        key: RandomKey
    ) {
        weights = ElementBuffer(count: objective.parameters.elementCount)
        objective.initialize(
            TensorElements.consecutive(objective.parameters.map(\.shape), at: weights.start),
            key: key.derived("initial parameters"))
        center = ElementBuffer(hyperparameters.map { Scalar($0.space.unconstrained($0.initial)) })
        scales = ElementBuffer(hyperparameters.map { Scalar(HyperparameterSpace.softplusInverse($0.scale)) })
        self.remembered = remembered
    }

    /// Whether a loss is no longer a finite number. (None is known before the first step of its level.)
    var isBroken: Bool {
        weightSteps > 0 && !losses.training.isFinite || hyperparameterSteps > 0 && !losses.validation.isFinite
    }

    private var buffers: [ElementBuffer<Scalar>] { [weights, center, scales] + remembered }

    func encoded() -> Data {
        StateBytes.encoded(
            [
                Double(round), Double(weightSteps), Double(hyperparameterSteps), losses.training, losses.validation,
                best,
            ], buffers)
    }

    /// Takes over a state that was encoded for the same settings.
    mutating func restore(_ data: Data) throws {
        let numbers = try StateBytes.restore(data, numbers: 6, buffers)
        (round, weightSteps, hyperparameterSteps) = (Int(numbers[0]), Int(numbers[1]), Int(numbers[2]))
        (losses.training, losses.validation, best) = (numbers[3], numbers[4], numbers[5])
    }
}
