import Formats
import Optimizers
import TensorEngine

/// Steps whose length is the learning rate, whatever the gradient's: a rule that no coordinate can follow alone.
struct NormalizedDescent: Optimizer {
    let learningRate: LearningRate

    func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let scale = point.schedule[0] / (TensorVector(point.gradient).norm + 1e-12)
        return .init(parameters: zip(point.parameters, point.gradient).map { $0 - scale * $1 }, state: [])
    }
}

extension UpdateRuleKind {
    static let normalizedDescent = UpdateRuleKind(
        "normalizedDescent", "Gradient descent by steps of one length.", learningRate: 0.01
    ) { rate, _ in
        NormalizedDescent(learningRate: rate)
    }
}
