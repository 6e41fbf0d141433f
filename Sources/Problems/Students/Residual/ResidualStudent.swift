import TensorEngine

/// A residual network with preactivation (He et al. 2016, "Identity mappings in deep residual networks",
/// arXiv:1603.05027), as TensorFlow's official models of 2018 have it (`resnet_model.py`, version 2, building blocks).
///
/// A convolution, stages of blocks of which the first has the stage's stride, normalization and ReLU, the mean over all
/// positions, and a fully connected layer. Convolutions have no biases. Batch normalization has an epsilon of 1e-5; in
/// training it takes the batch's own mean and biased variance, in evaluation their running averages, which are carried
/// (`RunningStatistics`).
///
/// Parameters are named `conv1/kernel`, `stage2/block1/normalization1/scale`, `stage2/block1/projection/kernel`,
/// `stage2/block1/conv1/kernel`, `normalization/offset`, and `dense1/weight`, `[filters + 1, classes]` with the bias as its
/// last row.
public struct ResidualStudent: LayeredClassifier, Hashable {
    public let images: ConvolutionalStudent.ImageShape
    public let architecture: ResidualArchitecture
    public let classes: Int
    /// Nil for that of the published networks (`ResidualInitialization`).
    public let initialization: Student.Initialization?
    let entrance: ResidualConvolution
    let blocks: [ResidualBlock]
    private let normalization: ResidualNormalization
    /// Those of the last stage.
    private let filters: Int

    public init(
        _ architecture: ResidualArchitecture, images: ConvolutionalStudent.ImageShape, classes: Int,
        initialization: Student.Initialization? = nil
    ) {
        self.images = images
        self.architecture = architecture
        self.classes = classes
        self.initialization = initialization
        let isLarge = architecture.pictures == .imagenet
        var filters = architecture.stages[0].filters
        entrance = ResidualConvolution(
            name: "conv1", size: isLarge ? 7 : 3, stride: isLarge ? 2 : 1, channels: images.sizes[2], filters: filters)
        var blocks: [ResidualBlock] = []
        for (index, stage) in architecture.stages.enumerated() {
            for block in 0..<stage.blocks {
                let isFirst = block == 0
                blocks.append(
                    ResidualBlock(
                        "stage\(index + 1)/block\(block + 1)", channels: filters, filters: stage.filters,
                        stride: isFirst ? stage.stride : 1, isFirst: isFirst))
                filters = stage.filters
            }
        }
        self.blocks = blocks
        self.filters = filters
        normalization = ResidualNormalization(name: "normalization", channels: filters)
    }

    public var inputs: Int { images.sizes.reduce(1, *) }

    /// Such as `32x32x3-resnet20-10`.
    public var description: String {
        "\(images.sizes.map(String.init).joined(separator: "x"))-resnet\(architecture.layers)-\(classes)"
    }

    public var parameters: [Parameter] {
        [entrance.parameter] + blocks.flatMap(\.parameters) + normalization.parameters
            + [Parameter("dense1/weight", [filters + 1, classes], .denseKernel, endsInBias: true)]
    }

    /// The weight of the running statistics, then mean and variance of each normalization.
    public var carried: [CarriedTensor] {
        let normalizations = blocks.flatMap(\.normalizations) + [normalization]
        return [RunningStatistics.carriedWeight] + normalizations.flatMap(\.carried)
    }

    public func answer(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, carried: [Tensor]) {
        let (logits, pass) = pass(parameters, carried: carried, images, mode: mode)
        return (logits, pass.carried)
    }

    public func layers(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, layers: [ComputedLayer]) {
        let (logits, pass) = pass(parameters, carried: carried, images, mode: mode)
        return (logits, pass.layers)
    }

    private func pass(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, pass: ResidualPass) {
        precondition(carried.count == self.carried.count, "running statistics are wanted")
        var pass = ResidualPass(parameters, carried: carried, mode: mode)
        var values = pass.convolved(self.images.batch(images), entrance)
        if architecture.pictures == .imagenet {
            values = values.maximumPooling([3, 3], strides: [2, 2], padding: .same)
        }
        for block in blocks { values = pass(values, block) }
        values = pass.normalized(values)
        let positions = values.shape[1] * values.shape[2]
        let means = values.sum(axes: [1, 2]) * (1 / Double(positions))
        let logits = pass.dense(means.reshaped([means.shape[0], filters]))
        return (logits, pass)
    }

    /// The convolutions and the fully connected layer: what ``Student/Initialization/byLayer(_:)`` has numbers for.
    var weightLayerCount: Int { Self.weightLayerCount(architecture) }

    static func weightLayerCount(_ architecture: ResidualArchitecture) -> Int {
        // Each stage has a shortcut with weights.
        architecture.layers + architecture.stages.count
    }

    /// Weights are drawn as `initialization` says, else as published; scales are 1, offsets and biases 0.
    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        var layer = 0
        for (parameter, elements) in zip(self.parameters, parameters) {
            switch parameter.kind {
            case .normalizationScale: elements.fill(1)
            case .normalizationOffset: elements.fill(0)
            default:
                fill(elements, parameter, layer: layer, key: key.derived("initial weights", UInt64(layer)))
                layer += 1
            }
        }
    }

    private func fill<Scalar: TensorScalar>(
        _ elements: TensorElements<Scalar>, _ parameter: Parameter, layer: Int, key: RandomKey
    ) {
        let sizes = parameter.shape.sizes
        let biases = parameter.endsInBias ? classes : 0
        let weights = elements.slice(0..<elements.count - biases)
        let area = sizes.dropLast(2).reduce(1, *)
        let (fanIn, fanOut) = (weights.count / sizes[sizes.count - 1], area * sizes[sizes.count - 1])
        let bias = elements.slice(weights.count..<elements.count)
        if let initialization {
            initialization.fill(weights, bias, layer: layer, fanIn: fanIn, fanOut: fanOut, key: key)
        } else if parameter.endsInBias {
            ResidualInitialization.fill(weights: weights, fanIn: fanIn, fanOut: fanOut, key: key)
            bias.fill(0)
        } else {
            ResidualInitialization.fill(filters: weights, fanIn: fanIn, key: key)
        }
    }
}
