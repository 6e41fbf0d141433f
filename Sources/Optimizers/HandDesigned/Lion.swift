import Formats
import TensorEngine

/// Lion (Chen et al. 2023, algorithm 2): steps of one length, by the sign of an average of gradients.
///
/// θ' = (1 − η λ) θ − η sign(β₁ m + (1 − β₁) g); m' = β₂ m + (1 − β₂) g.
public struct Lion: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let beta1: Double
    public let beta2: Double
    public let weightDecay: Double

    public init(learningRate: LearningRate, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.weightDecay = weightDecay
    }

    public var stateFeatures: [Int] { [1] }

    /// η and 1 − η λ.
    public func scheduleValues(step: Int) -> [Double] {
        let rate = learningRate.value(step: step)
        return [rate, 1 - rate * weightDecay]
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (average, gradient) = (coordinates.state[0], coordinates.gradient)
        let direction = (beta1 * average + (1 - beta1) * gradient).sign()
        let kept = weightDecay == 0 ? coordinates.parameter : coordinates.parameter * coordinates.schedule[1]
        return .init(
            parameter: kept - coordinates.schedule[0] * direction, state: [beta2 * average + (1 - beta2) * gradient])
    }
}

extension UpdateRuleKind {
    public static let lion = UpdateRuleKind(
        "lion", "Steps of one length, by the sign of an average of gradients (Chen et al. 2023).", learningRate: 0.0001,
        fields: [
            Field("beta1", .number(.decay), default: 0.9, "The average's share in the direction."),
            Field("beta2", .number(.decay), default: 0.99, "Decay of the average of gradients."),
            .weightDecay(0),
        ]
    ) { rate, settings in
        Lion(
            learningRate: rate, beta1: settings.number("beta1"), beta2: settings.number("beta2"),
            weightDecay: settings.number("weightDecay"))
    }
}
