import Formats
import TensorEngine

/// Rprop (Riedmiller and Braun 1993) in PyTorch's form, without backtracking: each coordinate has a step of its own, which
/// grows while its gradient keeps its sign and shrinks when it changes; then it also stays where it is for one step.
///
/// The learning rate is the first step of all; on a schedule, all steps are scaled alike.
public struct ResilientPropagation: CoordinatewiseOptimizer {
    public let learningRate: LearningRate
    public let shrinkage: Double
    public let growth: Double
    /// The smallest and the largest step.
    public let bounds: ClosedRange<Double>

    public init(
        learningRate: LearningRate, shrinkage: Double = 0.5, growth: Double = 1.2,
        bounds: ClosedRange<Double> = 1e-6...50
    ) {
        self.learningRate = learningRate
        self.shrinkage = shrinkage
        self.growth = growth
        self.bounds = bounds
    }

    /// The last gradient that counted, and the step relative to the first one, less 1, since states begin at 0.
    public var stateFeatures: [Int] { [1, 1] }

    /// The learning rate.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let zero = 0 * coordinates.gradient
        let sign = (coordinates.gradient * coordinates.state[0].sign()).sign()
        let isKept = sign.isGreater(than: zero)
        let isTurned = zero.isGreater(than: sign)
        let factor = 1 + isKept * (growth - 1) - isTurned * (1 - shrinkage)
        let first = learningRate.initial
        let relative = ((1 + coordinates.state[1]) * factor)
            .maximum(bounds.lowerBound / first).minimum(bounds.upperBound / first)
        let gradient = (1 - isTurned) * coordinates.gradient
        return .init(
            parameter: coordinates.parameter - coordinates.schedule[0] * relative * gradient.sign(),
            state: [gradient, relative - 1])
    }
}

extension UpdateRuleKind {
    public static let resilientPropagation = UpdateRuleKind(
        "rprop", "Steps by the gradient's sign, each coordinate's longer or shorter (Riedmiller and Braun 1993).",
        learningRate: 0.01,
        fields: [
            Field("shrinkage", .number(.decay), default: 0.5, "What a step is multiplied by where the sign changes."),
            Field("growth", .number(.init(1...10)), default: 1.2, "What it is multiplied by where the sign stays."),
            Field("smallest", .number(.positive), default: 1e-6, "The smallest step."),
            Field("largest", .number(.positive), default: 50, "The largest step."),
        ],
        check: { rule in
            guard let smallest = rule.value["smallest"]?.double, let largest = rule.value["largest"]?.double,
                smallest > largest
            else { return [] }
            return [Slip(.key("largest"), found: "\(largest)", allowed: "at least \"smallest\", which is \(smallest)")]
        }
    ) { rate, settings in
        ResilientPropagation(
            learningRate: rate, shrinkage: settings.number("shrinkage"), growth: settings.number("growth"),
            bounds: settings.number("smallest")...settings.number("largest"))
    }
}
