import TensorEngine

/// A convolutional network with a softmax output: convolutions, each of which may be pooled, then dense layers.
///
/// Parameters are named `conv1/kernel`, `[height, width, channels, filters]`, `conv1/bias`, `dense1/weight`,
/// `[inputs + 1, units]` with the bias as its last row, and so on; a layer with batch normalization also has
/// `conv1/scale` and `conv1/offset`. Statistics are always those of the batch at hand, on a test split too.
public struct ConvolutionalStudent: StatelessClassifier, LayeredClassifier, Hashable {
    /// Batch normalization between a layer's bias and its nonlinearity; see `Tensor.batchNormalized`.
    public struct BatchNormalization: Hashable, Sendable {
        public let epsilon: Double
        /// Whether every channel has a scale that is learned, beside its offset.
        public let isScaled: Bool

        public init(epsilon: Double = 1e-3, isScaled: Bool = true) {
            self.epsilon = epsilon
            self.isScaled = isScaled
        }
    }

    /// A convolution over windows of `size` by `size` with padding, its nonlinearity, and the largest of each square of
    /// `pooling` by `pooling`.
    public struct Convolution: Hashable, Sendable {
        public let size: Int
        public let channels: Int
        public let stride: Int
        public let normalization: BatchNormalization?
        public let activation: Activation
        public let pooling: Int

        /// - Parameter pooling: 1 for none.
        public init(
            size: Int, channels: Int, stride: Int = 1, normalization: BatchNormalization? = nil,
            activation: Activation = .relu, pooling: Int = 1
        ) {
            self.size = size
            self.channels = channels
            self.stride = stride
            self.normalization = normalization
            self.activation = activation
            self.pooling = pooling
        }
    }

    /// A fully connected hidden layer.
    public struct Dense: Hashable, Sendable {
        public let units: Int
        public let normalization: BatchNormalization?
        public let activation: Activation

        public init(units: Int, normalization: BatchNormalization? = nil, activation: Activation = .relu) {
            self.units = units
            self.normalization = normalization
            self.activation = activation
        }
    }

    /// How the numbers of one image lie.
    public enum ImageShape: Hashable, Sendable {
        case channelsFirst(channels: Int, height: Int, width: Int)
        case channelsLast(height: Int, width: Int, channels: Int)
    }

    public let images: ImageShape
    public let convolutions: [Convolution]
    public let hidden: [Dense]
    public let classes: Int
    public let initialization: Student.Initialization
    let layers: [Layer]

    public init(
        images: ImageShape, convolutions: [Convolution], hidden: [Dense], classes: Int,
        initialization: Student.Initialization = .paper
    ) {
        self.images = images
        self.convolutions = convolutions
        self.hidden = hidden
        self.classes = classes
        self.initialization = initialization
        layers = Layer.layers(images, convolutions, hidden, classes: classes)
    }

    public var inputs: Int { images.sizes.reduce(1, *) }
    public var parameters: [Parameter] { layers.flatMap(\.parameters) }

    /// Such as `32x32x3-5x5x16-5x5x16-32-10`.
    public var description: String {
        let image = images.sizes.map(String.init).joined(separator: "x")
        let filters = convolutions.map { "\($0.size)x\($0.size)x\($0.channels)" }
        return ([image] + filters + (hidden.map(\.units) + [classes]).map(String.init)).joined(separator: "-")
    }

    public func logits(_ parameters: [Tensor], _ images: Tensor) -> Tensor {
        layers(parameters, carried: [], images, mode: .training).logits
    }

    public func layers(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, layers: [ComputedLayer]) {
        var values = self.images.batch(images)
        var computed: [ComputedLayer] = []
        var start = 0
        for layer in layers {
            let own = Array(parameters[start..<start + layer.parameters.count])
            let sums = layer.computed(values, own, start: start)
            computed.append(sums)
            values = layer.finished(sums.outputs, own.suffix(layer.normalizationParameters.count))
            start += own.count
        }
        return (values, computed)
    }

    /// Weights are drawn as `initialization` says; scales are 1 and offsets 0.
    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        var rest = parameters[...]
        for (index, layer) in layers.enumerated() {
            let own = rest.prefix(layer.parameters.count)
            rest = rest.dropFirst(own.count)
            layer.initialize(
                Array(own), initialization, index: index, key: key.derived("initial weights", UInt64(index)))
        }
    }
}

extension ConvolutionalStudent.ImageShape {
    /// `[height, width, channels]`
    var sizes: [Int] {
        switch self {
        case .channelsFirst(let channels, let height, let width): [height, width, channels]
        case .channelsLast(let height, let width, let channels): [height, width, channels]
        }
    }

    /// `[examples, height, width, channels]`, of `[examples, inputs]`.
    func batch(_ images: Tensor) -> Tensor {
        let count = images.shape[0]
        switch self {
        case .channelsFirst(let channels, let height, let width):
            return images.reshaped([count, channels, height, width]).transposed([0, 2, 3, 1])
        case .channelsLast(let height, let width, let channels):
            return images.reshaped([count, height, width, channels])
        }
    }
}
