import Formats
import Optimizers
import TensorEngine

/// Steps of one length, by the sign of an average of gradients.
struct SignDescent: CoordinatewiseOptimizer {
    let learningRate: LearningRate
    let decay: Double

    /// The average.
    var stateFeatures: [Int] { [1] }

    func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let mean = decay * coordinates.state[0] + (1 - decay) * coordinates.gradient
        return .init(parameter: coordinates.parameter - coordinates.schedule[0] * mean.sign(), state: [mean])
    }
}

extension UpdateRuleKind {
    static let signDescent = UpdateRuleKind(
        "signDescent", "Steps of one length, by the sign of an average of gradients.", learningRate: 0.001,
        fields: [Field("decay", .number(.decay), default: 0.5, "Decay of the average.")]
    ) { rate, settings in
        SignDescent(learningRate: rate, decay: settings.number("decay"))
    }
}
