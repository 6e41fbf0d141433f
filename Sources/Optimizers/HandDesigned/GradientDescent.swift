import Formats
import TensorEngine

/// θ' = θ − η g.
public struct GradientDescent: CoordinatewiseOptimizer {
    public let learningRate: LearningRate

    public init(learningRate: LearningRate) {
        self.learningRate = learningRate
    }

    /// The learning rate.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        .init(parameter: coordinates.parameter - coordinates.schedule[0] * coordinates.gradient, state: [])
    }
}

extension UpdateRuleKind {
    public static let gradientDescent = UpdateRuleKind("sgd", "Gradient descent.", learningRate: 0.001) { rate, _ in
        GradientDescent(learningRate: rate)
    }
}
