import Formats
import TensorEngine

/// Adam with Nesterov's momentum (Dozat 2016), and decoupled weight decay: NAdamW as optax and the AlgoPerf benchmark
/// (Dahl et al. 2023) have it.
///
/// m' = β₁ m + (1 − β₁) g; v' = β₂ v + (1 − β₂) g²;
/// θ' = (1 − η λ) θ − η (β₁ m' / (1 − β₁ᵗ⁺¹) + (1 − β₁) g / (1 − β₁ᵗ)) / (√(v' / (1 − β₂ᵗ)) + ε).
public struct NesterovAdam: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let beta1: Double
    public let beta2: Double
    public let epsilon: Double
    public let weightDecay: Double

    public init(
        learningRate: LearningRate, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    public var stateFeatures: [Int] { [1, 1] }

    /// η β₁ / (1 − β₁ᵗ⁺¹), η (1 − β₁) / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ) and 1 − η λ.
    public func scheduleValues(step: Int) -> [Double] {
        let rate = learningRate.value(step: step)
        return [
            rate * beta1 / (1 - power(beta1, step + 1)), rate * (1 - beta1) / (1 - power(beta1, step)),
            1 / (1 - power(beta2, step)).squareRoot(), 1 - rate * weightDecay,
        ]
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (gradient, schedule) = (coordinates.gradient, coordinates.schedule)
        let mean = beta1 * coordinates.state[0] + (1 - beta1) * gradient
        let square = beta2 * coordinates.state[1] + (1 - beta2) * gradient.squared()
        let root = square.squareRoot() * schedule[2] + epsilon
        let kept = weightDecay == 0 ? coordinates.parameter : coordinates.parameter * schedule[3]
        return .init(
            parameter: kept - (schedule[0] * mean + schedule[1] * gradient) / root, state: [mean, square])
    }
}

extension UpdateRuleKind {
    public static let nesterovAdam = UpdateRuleKind(
        "nadamw", "AdamW with Nesterov's momentum (Dozat 2016).", learningRate: 0.001,
        fields: Adam.fields + [.weightDecay(0.01)]
    ) { rate, settings in
        NesterovAdam(
            learningRate: rate, beta1: settings.number("beta1"), beta2: settings.number("beta2"),
            epsilon: settings.number("epsilon"), weightDecay: settings.number("weightDecay"))
    }
}
