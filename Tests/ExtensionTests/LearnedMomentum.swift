import Formats
import Optimizers
import TensorEngine

/// Gradient descent with momentum, whose rate and momentum are what is learned.
struct LearnedMomentum: CoordinatewiseOptimizer {
    let outputScale: Double

    var metaParameters: [Parameter] { [Parameter("rate", [1]), Parameter("momentum", [1])] }

    /// The velocity.
    var stateFeatures: [Int] { [1] }

    func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let rate = metaParameters[0].reshaped([1, 1]).exponential() * outputScale
        let share = metaParameters[1].reshaped([1, 1]).sigmoid()
        let velocity = share * coordinates.state[0] + (1 - share) * coordinates.gradient
        return .init(parameter: coordinates.parameter - rate * velocity, state: [velocity])
    }

    func initializeMetaParameters<Scalar: TensorScalar>(_ values: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        values.update(repeating: 0, count: 2)
    }
}

extension LearnedOptimizerKind {
    static let learnedMomentum = LearnedOptimizerKind(
        "learnedMomentum", "Momentum whose rate and momentum are learned.",
        fields: [Field("outputScale", .number(.positive), default: 0.01, "The learning rate at first.")]
    ) { settings in
        LearnedMomentum(outputScale: settings.number("outputScale"))
    }
}
