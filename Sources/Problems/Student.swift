import TensorEngine

/// A fully connected network with a softmax output. Each layer's bias is the last row of its weight matrix, against a
/// constant-1 input.
public struct Student: Hashable, Sendable {
    /// How initial weights are drawn.
    public enum Initialization: String, Sendable, CaseIterable {
        /// All weights normal with standard deviation 0.01 (Andrychowicz et al. 2016).
        case paper
        /// Normal with variance 2 / (fan-in + fan-out), biases 0 (Glorot and Bengio 2010).
        case glorot
    }

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
            Parameter("dense\(index + 1)/weight", [sizes.0 + 1, sizes.1])
        }
    }

    /// The inputs to the softmax, `[examples, classes]`.
    ///
    /// - Parameter images: `[examples, inputs]`.
    public func logits(_ weights: [Tensor], _ images: Tensor) -> Tensor {
        var values = images
        for (layer, weight) in weights.enumerated() {
            let fanIn = weight.shape[0] - 1
            values = values.matrixProduct(weight.sliced(0..<fanIn)) + weight.sliced(fanIn..<fanIn + 1)
            if layer < weights.count - 1 { values = activation(values) }
        }
        return values
    }

    /// The mean softmax cross-entropy over a batch.
    ///
    /// - Parameter labels: one-hot, `[examples, classes]`.
    public func loss(_ weights: [Tensor], images: Tensor, labels: Tensor) -> Tensor {
        (labels * logits(weights, images).logSoftmax()).sum() * (-1 / Double(images.shape[0]))
    }

    /// Writes initial weights, one matrix after the other.
    public func initialize<Scalar: TensorScalar>(_ weights: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        var pointer = weights
        for (index, parameter) in parameters.enumerated() {
            var stream = RandomStream(key.derived("initial weights", UInt64(index)))
            let (rows, columns) = (parameter.shape[0], parameter.shape[1])
            switch initialization {
            case .paper:
                for element in 0..<rows * columns { pointer[element] = Scalar(0.01 * stream.normal()) }
            case .glorot:
                let deviation = (2 / Double(rows - 1 + columns)).squareRoot()
                for element in 0..<(rows - 1) * columns { pointer[element] = Scalar(deviation * stream.normal()) }
                for element in (rows - 1) * columns..<rows * columns { pointer[element] = 0 }
            }
            pointer += rows * columns
        }
    }
}
