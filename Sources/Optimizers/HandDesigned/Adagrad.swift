import Formats
import TensorEngine

/// Adagrad (Duchi et al. 2011): s' = s + g²; θ' = θ − η g / (√s' + ε).
public struct Adagrad: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let epsilon: Double

    public init(learningRate: LearningRate, epsilon: Double = 1e-10) {
        self.learningRate = learningRate
        self.epsilon = epsilon
    }

    public var stateFeatures: [Int] { [1] }

    /// The learning rate.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let gradient = coordinates.gradient
        let sum = coordinates.state[0] + gradient.squared()
        let change = gradient / (sum.squareRoot() + epsilon)
        return .init(parameter: coordinates.parameter - coordinates.schedule[0] * change, state: [sum])
    }
}

extension UpdateRuleKind {
    public static let adagrad = UpdateRuleKind(
        "adagrad", "Adagrad (Duchi et al. 2011).", learningRate: 0.01, fields: [.epsilon(1e-10)]
    ) { rate, settings in
        Adagrad(learningRate: rate, epsilon: settings.number("epsilon"))
    }
}
