import Formats
import TensorEngine

/// Adam (Kingma and Ba 2015), and AdamW (Loshchilov and Hutter 2019) where the decoupled weight decay is not 0.
///
/// m' = β₁ m + (1 − β₁) g; v' = β₂ v + (1 − β₂) g²; θ' = (1 − η λ) θ − η (m' / (1 − β₁ᵗ)) / (√(v' / (1 − β₂ᵗ)) + ε).
/// With Nesterov's momentum (Dozat 2016; NAdamW as optax and the AlgoPerf benchmark have it, Dahl et al. 2023)
/// β₁ m' / (1 − β₁ᵗ⁺¹) + (1 − β₁) g / (1 − β₁ᵗ) stands in place of m' / (1 − β₁ᵗ).
public struct Adam: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let beta1: Double
    public let beta2: Double
    public let epsilon: Double
    public let weightDecay: Double
    public let isNesterov: Bool

    public init(
        learningRate: LearningRate, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0, isNesterov: Bool = false
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.isNesterov = isNesterov
    }

    public var stateFeatures: [Int] { [1, 1] }

    /// η / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ) and 1 − η λ; with Nesterov's momentum η β₁ / (1 − β₁ᵗ⁺¹) first, and last
    /// η (1 − β₁) / (1 − β₁ᵗ).
    public func scheduleValues(step: Int) -> [Double] {
        let rate = learningRate.value(step: step)
        let others = [1 / (1 - power(beta2, step)).squareRoot(), 1 - rate * weightDecay]
        guard isNesterov else { return [rate / (1 - power(beta1, step))] + others }
        return [rate * beta1 / (1 - power(beta1, step + 1))] + others
            + [rate * (1 - beta1) / (1 - power(beta1, step))]
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let gradient = coordinates.gradient
        let mean = beta1 * coordinates.state[0] + (1 - beta1) * gradient
        let square = beta2 * coordinates.state[1] + (1 - beta2) * gradient.squared()
        let root = square.squareRoot() * coordinates.schedule[1] + epsilon
        let kept = weightDecay == 0 ? coordinates.parameter : coordinates.parameter * coordinates.schedule[2]
        let average = coordinates.schedule[0] * mean
        let direction = isNesterov ? average + coordinates.schedule[3] * gradient : average
        return .init(parameter: kept - direction / root, state: [mean, square])
    }
}

extension UpdateRuleKind {
    public static let adam = UpdateRuleKind(
        "adam", "Adam (Kingma and Ba 2015).", learningRate: 0.001, fields: Adam.fields
    ) { rate, settings in
        Adam(learningRate: rate, settings, weightDecay: 0)
    }

    public static let adamW = UpdateRuleKind(
        "adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019).", learningRate: 0.001,
        fields: Adam.fields + [.weightDecay(0.01)]
    ) { rate, settings in
        Adam(learningRate: rate, settings, weightDecay: settings.number("weightDecay"))
    }

    public static let nesterovAdam = UpdateRuleKind(
        "nadamw", "AdamW with Nesterov's momentum (Dozat 2016).", learningRate: 0.001,
        fields: Adam.fields + [.weightDecay(0.01)]
    ) { rate, settings in
        Adam(learningRate: rate, settings, weightDecay: settings.number("weightDecay"), isNesterov: true)
    }
}

extension Adam {
    fileprivate static let fields = [
        Field("beta1", .number(.decay), default: 0.9, "Decay of the average of gradients."),
        Field("beta2", .number(.decay), default: 0.999, "Decay of the average of squared gradients."),
        .epsilon(1e-8),
    ]

    fileprivate init(
        learningRate: LearningRate, _ settings: Settings, weightDecay: Double, isNesterov: Bool = false
    ) {
        self.init(
            learningRate: learningRate, beta1: settings.number("beta1"), beta2: settings.number("beta2"),
            epsilon: settings.number("epsilon"), weightDecay: weightDecay, isNesterov: isNesterov)
    }
}
