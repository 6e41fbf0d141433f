import Formats
import TensorEngine

/// RMSprop (Tieleman and Hinton 2012): s' = ρ s + (1 − ρ) g²; θ' = θ − η g / (√s' + ε).
public struct RootMeanSquarePropagation: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let decay: Double
    public let epsilon: Double

    public init(learningRate: LearningRate, decay: Double = 0.9, epsilon: Double = 1e-8) {
        self.learningRate = learningRate
        self.decay = decay
        self.epsilon = epsilon
    }

    public var stateFeatures: [Int] { [1] }

    /// The learning rate.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let gradient = coordinates.gradient
        let mean = decay * coordinates.state[0] + (1 - decay) * gradient.squared()
        let change = gradient / (mean.squareRoot() + epsilon)
        return .init(parameter: coordinates.parameter - coordinates.schedule[0] * change, state: [mean])
    }
}

extension UpdateRuleKind {
    public static let rootMeanSquarePropagation = UpdateRuleKind(
        "rmsprop", "RMSprop (Tieleman and Hinton 2012).", learningRate: 0.01,
        fields: [
            Field("decay", .number(.decay), default: 0.9, "Decay of the average of squared gradients."),
            .epsilon(1e-8),
        ]
    ) { rate, settings in
        RootMeanSquarePropagation(
            learningRate: rate, decay: settings.number("decay"), epsilon: settings.number("epsilon"))
    }
}
