import TensorEngine

/// Running averages of a network's batch statistics, carried from step to step and corrected for their start.
///
/// An average a of values v goes on as a′ = 0.997 a + 0.003 v from a = 0, and so does the weight w of all values in it:
/// w′ = 0.997 w + 0.003. It stands for a / w. Uncorrected averages, which TensorFlow's models have, would be 86 % initial
/// values after 50 steps. Variances are the biased ones that training divides by, where TensorFlow averages n / (n - 1)
/// times as much, of n values a channel.
struct RunningStatistics {
    static let decay = 0.997

    /// The total weight of what has been averaged, a scalar; 0 before the first step.
    static let carriedWeight = CarriedTensor("normalizations/weight", .scalar)

    let weight: Tensor

    var nextWeight: Tensor { Self.moved(weight, towards: weight.filled(with: 1)) }

    /// The average after a step with this value, to which no derivative flows.
    static func moved(_ average: Tensor, towards value: Tensor) -> Tensor {
        average * decay + value.stoppingGradient() * (1 - decay)
    }

    /// What an average stands for; `initial` before the first step.
    func corrected(_ average: Tensor, initial: Double) -> Tensor {
        let isBegun = weight.isGreater(than: weight.filled(with: 0))
        // The least weight is 0.003: what would be a division by 0 is selected away.
        let mean = average / weight.maximum(1e-3)
        return isBegun.broadcast(to: average.shape).select(mean, average.filled(with: initial))
    }
}
