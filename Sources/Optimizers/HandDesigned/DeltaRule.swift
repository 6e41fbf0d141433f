import TensorEngine

/// A local rule for networks, without a gradient: the delta rule (Widrow and Hoff 1960) at the outputs and homeostasis
/// in the hidden layers, which never hear of the error.
///
/// An output neuron's weight changes by η x̂ (t − y), averaged over the minibatch, x̂ its input less the mean and divided
/// by the deviation, and its bias by β (t − y). A hidden neuron's weights grow by a factor 1 + γ while its output deviates
/// less than d over the minibatch, so that a signal comes through all layers; its bias changes by β (c − y) / 2, c the
/// middle of its activation: 0 for tanh and else 0.5.
public struct DeltaRule: CoordinatewiseOptimizer {
    /// η.
    public let learningRate: LearningRate
    /// β.
    public let biasRate: Double
    /// γ.
    public let growth: Double
    /// d.
    public let deviation: Double
    /// Where the activation tanh stands among the rows of a neuron's place.
    private let tanhRow: Int

    /// - Parameter tanhRow: the row of the local input "place" that is 1 where the activation is tanh.
    public init(
        learningRate: LearningRate, biasRate: Double = 1, growth: Double = 0.02, deviation: Double = 0.2, tanhRow: Int,
        placeRows: Int
    ) {
        self.learningRate = learningRate
        self.biasRate = biasRate
        self.growth = growth
        self.deviation = deviation
        self.tanhRow = tanhRow
        localInputs = [
            LocalInput("output", rows: 2), LocalInput("target", rows: 3), LocalInput("place", rows: placeRows),
        ]
    }

    public let localInputs: [LocalInput]

    /// The learning rate.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        guard let local = coordinates.local else { preconditionFailure("a local rule is told of its neurons") }
        func row(_ index: Int) -> Tensor { local.sliced(index..<index + 1) }
        let (mean, logarithm, isOutput, error) = (row(0), row(1), row(2), row(4) * 0.1)
        let place = 5
        let isBias = row(place + 3)
        let atOutput = isBias.select(error * biasRate, error * coordinates.schedule[0])
        let middle = 0.5 - 0.5 * row(place + tanhRow)
        let isQuiet = mean.filled(with: deviation).isGreater(than: (logarithm * 4).exponential())
        let hidden = isBias.select((middle - mean) * (0.5 * biasRate), coordinates.parameter * isQuiet * growth)
        return .init(parameter: coordinates.parameter + isOutput.select(atOutput, hidden), state: [])
    }
}
