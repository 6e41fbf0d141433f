import TensorEngine

/// A fully connected network with a softmax output; without hidden layers, a softmax regression. Each layer's bias is the last row of its weight matrix, against a
/// constant-1 input.
public struct Student: StatelessClassifier, LayeredClassifier, Hashable {
    public let inputs: Int
    public let hidden: [Int]
    public let classes: Int
    public let activation: Activation
    public let initialization: Initialization

    public init(
        inputs: Int, hidden: [Int], classes: Int, activation: Activation = .sigmoid,
        initialization: Initialization = .paper
    ) {
        self.inputs = inputs
        self.hidden = hidden
        self.classes = classes
        self.activation = activation
        self.initialization = initialization
    }

    /// The sizes of all layers, such as `784-20-10`.
    public var description: String { widths.map(String.init).joined(separator: "-") }

    private var widths: [Int] { [inputs] + hidden + [classes] }

    /// The weight matrices, `[inputs + 1, units]` each.
    public var parameters: [Parameter] {
        zip(widths, widths.dropFirst()).enumerated().map { index, sizes in
            Parameter("dense\(index + 1)/weight", [sizes.0 + 1, sizes.1], .denseKernel, endsInBias: true)
        }
    }

    /// The inputs to the softmax, `[examples, classes]`.
    ///
    /// - Parameter images: `[examples, inputs]`.
    public func logits(_ weights: [Tensor], _ images: Tensor) -> Tensor {
        layers(weights, carried: [], images, mode: .training).logits
    }

    public func layers(
        _ weights: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, layers: [ComputedLayer]) {
        var values = images
        var layers: [ComputedLayer] = []
        for (layer, weight) in weights.enumerated() {
            let sums = values.dense(weight)
            layers.append(ComputedLayer(kernel: layer, values: values, outputs: sums))
            values = layer < weights.count - 1 ? activation(sums) : sums
        }
        return (values, layers)
    }

    /// Writes initial weights.
    public func initialize<Scalar: TensorScalar>(_ weights: [TensorElements<Scalar>], key: RandomKey) {
        for (index, parameter) in parameters.enumerated() {
            let (fanIn, units) = (parameter.shape[0] - 1, parameter.shape[1])
            let bias = weights[index].slice(fanIn * units..<(fanIn + 1) * units)
            initialization.fill(
                weights[index].slice(0..<fanIn * units), bias, layer: index, fanIn: fanIn, fanOut: units,
                key: key.derived("initial weights", UInt64(index)))
        }
    }
}
