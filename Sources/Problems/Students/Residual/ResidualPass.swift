import TensorEngine

/// A residual network being traced: hands out parameters and statistics in order, and gathers the statistics that are
/// carried on.
struct ResidualPass {
    private var parameters: ArraySlice<Tensor>
    private var averages: ArraySlice<Tensor>
    private let statistics: RunningStatistics
    private let mode: ObjectiveMode
    /// What is carried on, of the normalizations so far.
    private(set) var carried: [Tensor]
    /// The layers with weights so far.
    private(set) var layers: [ComputedLayer] = []

    private static let epsilon = 1e-5

    /// - Parameters:
    ///   - parameters: of all layers, in the order in which they are asked for.
    ///   - carried: the weight of the running statistics, then mean and variance of each normalization.
    init(_ parameters: [Tensor], carried: [Tensor], mode: ObjectiveMode) {
        self.parameters = parameters[...]
        averages = carried.dropFirst()
        statistics = RunningStatistics(weight: carried[0])
        self.mode = mode
        self.carried = [mode == .training ? statistics.nextWeight : carried[0]]
    }

    mutating func convolved(_ values: Tensor, _ layer: ResidualConvolution) -> Tensor {
        let index = parameters.startIndex
        layers.append(layer.computed(values, parameters.removeFirst(), index: index))
        return layers[layers.count - 1].outputs
    }

    mutating func dense(_ values: Tensor) -> Tensor {
        let index = parameters.startIndex
        let outputs = values.dense(parameters.removeFirst())
        layers.append(ComputedLayer(kernel: index, values: values, outputs: outputs))
        return outputs
    }

    /// Batch normalization and ReLU: by the batch's own statistics in training, which the running ones then follow, and
    /// by the running ones in evaluation.
    mutating func normalized(_ values: Tensor) -> Tensor {
        let (scale, offset) = (parameters.removeFirst(), parameters.removeFirst())
        let (mean, variance) = (averages.removeFirst(), averages.removeFirst())
        switch mode {
        case .training:
            let result = values.batchNormalizedWithStatistics(scale: scale, offset: offset, epsilon: Self.epsilon)
            carried += [
                RunningStatistics.moved(mean, towards: result.mean),
                RunningStatistics.moved(variance, towards: result.variance),
            ]
            return result.values.maximum(0)
        case .evaluation:
            carried += [mean, variance]
            return values.normalized(
                mean: statistics.corrected(mean, initial: 0), variance: statistics.corrected(variance, initial: 1),
                scale: scale, offset: offset, epsilon: Self.epsilon
            ).maximum(0)
        }
    }

    mutating func callAsFunction(_ values: Tensor, _ block: ResidualBlock) -> Tensor {
        let entrance = normalized(values)
        let shortcut = block.projection.map { convolved(entrance, $0) } ?? values
        let middle = normalized(convolved(entrance, block.convolution1))
        return convolved(middle, block.convolution2) + shortcut
    }
}
