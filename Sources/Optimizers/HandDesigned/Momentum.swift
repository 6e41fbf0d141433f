import Formats
import TensorEngine

/// Heavy-ball momentum (Polyak 1964), or Nesterov's, in PyTorch's form: v' = μ v + g; θ' = θ − η v', or for Nesterov
/// θ' = θ − η (g + μ v').
public struct Momentum: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let momentum: Double
    public let isNesterov: Bool

    public init(learningRate: LearningRate, momentum: Double = 0.9, isNesterov: Bool = false) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.isNesterov = isNesterov
    }

    public var stateFeatures: [Int] { [1] }

    /// The learning rate.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let gradient = coordinates.gradient
        let velocity = momentum * coordinates.state[0] + gradient
        let direction = isNesterov ? gradient + momentum * velocity : velocity
        return .init(parameter: coordinates.parameter - coordinates.schedule[0] * direction, state: [velocity])
    }
}

extension UpdateRuleKind {
    public static let momentum = UpdateRuleKind(
        "momentum", "Gradient descent with momentum.", learningRate: 0.001, fields: [share]
    ) { rate, settings in
        Momentum(learningRate: rate, momentum: settings.number("momentum"))
    }

    public static let nesterov = UpdateRuleKind(
        "nesterov", "Gradient descent with Nesterov's momentum.", learningRate: 0.001, fields: [share]
    ) { rate, settings in
        Momentum(learningRate: rate, momentum: settings.number("momentum"), isNesterov: true)
    }

    private static let share = Field(
        "momentum", .number(.decay), default: 0.9, "Share of the last change that is kept.")
}
