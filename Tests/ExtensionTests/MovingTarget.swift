import Formats
import Problems
import TensorEngine

/// The squared distance from the running average of noisy targets, which is carried from step to step and in evaluation
/// used as it is, as batch normalization uses its statistics.
struct MovingTarget: Objective, DataSource {
    let dimensions: Int

    var parameters: [Parameter] { [Parameter("x", [dimensions])] }
    var carried: [CarriedTensor] { [CarriedTensor("average", [dimensions])] }
    var isLossConvex: Bool { true }
    var isFresh: Bool { true }

    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let average = 0.9 * inputs.carried[0] + 0.1 * inputs.batch[0]
        let target = inputs.mode == .training ? average : inputs.carried[0]
        return ObjectiveOutputs([inputs.parameters[0] - target], carried: [average])
    }

    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { outputs[0].squared().sum() }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].fill(3)
    }

    func shapes(of batch: Batch) -> [Shape] { [[dimensions]] }

    /// Normal around 1.
    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        guard case .minibatch(let step) = batch else { return }
        var stream = RandomStream(key.derived("target", UInt64(step)))
        tensors[0].fillNormal(&stream, mean: 1, deviation: 0.1)
    }
}

extension ProblemKind {
    static let movingTarget = ProblemKind(
        "movingTarget", "The squared distance from a running average of noisy targets.",
        fields: [Field("dimensions", .number(.count), default: 3, "Of the point and the targets.")]
    ) { settings in
        Problem(MovingTarget(dimensions: settings.integer("dimensions")))
    }
}
