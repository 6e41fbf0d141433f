import Formats
import TensorEngine

/// Schedule-Free optimization (Defazio et al. 2024, algorithm 1) with SGD's or AdamW's steps: gradients are taken between
/// where the steps lead and their average, and the average is what counts.
///
/// At y: z' = z − η (d + λ y) with d the gradient or Adam's g / (√(v' / (1 − β₂ᵗ)) + ε); x' = (1 − c) x + c z';
/// y' = (1 − β) z' + β x'. Steps weigh in the average by the square of the largest rate so far, which a warmup ends at:
/// c = η₊² / Σ η₊². Judged by x.
public struct ScheduleFree: Optimizer {
    /// Whose steps it takes.
    public enum Base: Sendable, Hashable {
        case gradientDescent
        case adam(beta2: Double, epsilon: Double)
    }

    public let learningRate: LearningRate
    /// β.
    public let momentum: Double
    public let weightDecay: Double
    public let base: Base

    public init(learningRate: LearningRate, momentum: Double = 0.9, weightDecay: Double = 0, base: Base) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.base = base
    }

    /// For each parameter z − y, since states begin at 0, and for Adam's steps the average of squares.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        parameters.flatMap { parameter in
            stateNames.map { CarriedTensor("\($0)/\(parameter.name)", parameter.shape) }
        }
    }

    private var stateNames: [String] {
        switch base {
        case .gradientDescent: ["lead"]
        case .adam: ["lead", "square"]
        }
    }

    /// η, c and, for Adam's steps, 1 / √(1 − β₂ᵗ).
    ///
    /// Cost: proportional to the steps of the warmup at most.
    public func scheduleValues(step: Int) -> [Double] {
        let rates = [learningRate.value(step: step), averaging(step: step)]
        guard case .adam(let beta2, _) = base else { return rates }
        return rates + [1 / (1 - power(beta2, step)).squareRoot()]
    }

    /// The weight c of a step in the average.
    private func averaging(step: Int) -> Double {
        // After the warmup no rate is larger than the first, whatever the schedule.
        let warmup = min(learningRate.schedule.warmup, step)
        let largest = learningRate.schedule.warmup > 0 ? Double(learningRate.schedule.warmup) : 1
        let weights = (0..<warmup).map { index in
            let share = Double(index + 1) / largest
            return share * share
        }
        let last = step <= warmup ? weights[step - 1] : 1
        return last / (weights.reduce(0, +) + Double(step - warmup))
    }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let (rate, share) = (point.schedule[0], point.schedule[1])
        var updated = OptimizationPoint.Updated(parameters: [], state: [])
        for (index, (y, gradient)) in zip(point.parameters, point.gradient).enumerated() {
            let state = point.state[index * stateNames.count..<(index + 1) * stateNames.count]
            let lead = state[state.startIndex]
            var direction = gradient
            var squares: [Tensor] = []
            if case .adam(let beta2, let epsilon) = base {
                let square = beta2 * state[state.startIndex + 1] + (1 - beta2) * gradient.squared()
                direction = gradient / (square.squareRoot() * point.schedule[2] + epsilon)
                squares = [square]
            }
            if weightDecay > 0 { direction = direction + weightDecay * y }
            let z = y + lead - rate * direction
            let average = averageOf(y, lead: lead)
            let x = average + share * (z - average)
            let next = z + momentum * (x - z)
            updated.parameters.append(next)
            updated.state += [z - next] + squares
        }
        return updated
    }

    public var isJudgedElsewhere: Bool { true }

    public func judged(_ parameters: [Tensor], state: [Tensor]) -> [Tensor] {
        parameters.enumerated().map { averageOf($1, lead: state[$0 * stateNames.count]) }
    }

    /// x, of y = (1 − β) z + β x.
    private func averageOf(_ y: Tensor, lead: Tensor) -> Tensor { y - (1 - momentum) / momentum * lead }
}

extension UpdateRuleKind {
    public static let scheduleFreeGradientDescent = UpdateRuleKind(
        "scheduleFreeSGD", "SGD with Schedule-Free averaging (Defazio et al. 2024), judged by the average.",
        learningRate: 1, fields: fields + [.weightDecay(0)]
    ) { rate, settings in
        ScheduleFree(
            learningRate: rate, momentum: settings.number("momentum"), weightDecay: settings.number("weightDecay"),
            base: .gradientDescent)
    }

    public static let scheduleFreeAdamW = UpdateRuleKind(
        "scheduleFreeAdamW", "AdamW with Schedule-Free averaging (Defazio et al. 2024), judged by the average.",
        learningRate: 0.0025,
        fields: fields + [
            Field("beta2", .number(.decay), default: 0.999, "Decay of the average of squared gradients."),
            .epsilon(1e-8), .weightDecay(0),
        ]
    ) { rate, settings in
        ScheduleFree(
            learningRate: rate, momentum: settings.number("momentum"), weightDecay: settings.number("weightDecay"),
            base: .adam(beta2: settings.number("beta2"), epsilon: settings.number("epsilon")))
    }

    private static let fields = [
        Field(
            "momentum", .number(.properShare), default: 0.9,
            "The average's share in where gradients are taken; the rest is that of where the steps lead.")
    ]
}
