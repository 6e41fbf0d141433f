import TensorEngine

/// A convolution of a residual network, without a bias.
struct ResidualConvolution: Hashable, Sendable {
    let name: String
    /// Height and width of the filters.
    let size: Int
    let stride: Int
    let channels: Int
    let filters: Int

    var parameter: Parameter { Parameter("\(name)/kernel", [size, size, channels, filters], .convolutionKernel) }

    /// With strides above 1, padding depends on the filters' size alone: (size - 1) / 2 on both sides, whatever the
    /// size of the pictures (`conv2d_fixed_padding` of TensorFlow's models).
    ///
    /// - Parameter index: the kernel's, among the network's parameters.
    func computed(_ values: Tensor, _ kernel: Tensor, index: Int) -> ComputedLayer {
        let images = stride > 1 ? values.padded(size / 2) : values
        let (strides, padding): ([Int], Padding) = ([stride, stride], stride > 1 ? .valid : .same)
        return ComputedLayer(
            kernel: index, values: images, outputs: images.convolution(kernel, strides: strides, padding: padding),
            convolution: .init(window: [size, size], strides: strides, padding: padding))
    }
}

/// A batch normalization of a residual network.
struct ResidualNormalization: Hashable, Sendable {
    let name: String
    let channels: Int

    var parameters: [Parameter] {
        [
            Parameter("\(name)/scale", [channels], .normalizationScale),
            Parameter("\(name)/offset", [channels], .normalizationOffset),
        ]
    }

    var carried: [CarriedTensor] {
        [CarriedTensor("\(name)/mean", [channels]), CarriedTensor("\(name)/variance", [channels])]
    }
}

/// Two convolutions, each after a normalization and ReLU, and the shortcut around them (He et al. 2016, "Identity
/// mappings in deep residual networks", figure 4e).
struct ResidualBlock: Hashable, Sendable {
    let normalization1: ResidualNormalization
    /// In a stage's first block: the shortcut, a convolution of 1 × 1 of what was normalized; else it is the block's input.
    let projection: ResidualConvolution?
    let convolution1: ResidualConvolution
    let normalization2: ResidualNormalization
    let convolution2: ResidualConvolution

    /// - Parameters:
    ///   - channels: how many come in.
    ///   - isFirst: whether it is the first of its stage. TensorFlow's models project there even where sizes don't change,
    ///     in the first stage.
    init(_ name: String, channels: Int, filters: Int, stride: Int, isFirst: Bool) {
        func convolution(_ part: String, _ size: Int, _ stride: Int, _ channels: Int) -> ResidualConvolution {
            ResidualConvolution(
                name: "\(name)/\(part)", size: size, stride: stride, channels: channels, filters: filters)
        }
        normalization1 = ResidualNormalization(name: "\(name)/normalization1", channels: channels)
        projection = isFirst ? convolution("projection", 1, stride, channels) : nil
        convolution1 = convolution("conv1", 3, stride, channels)
        normalization2 = ResidualNormalization(name: "\(name)/normalization2", channels: filters)
        convolution2 = convolution("conv2", 3, 1, filters)
    }

    var convolutions: [ResidualConvolution] { [projection, convolution1, convolution2].compactMap { $0 } }
    var normalizations: [ResidualNormalization] { [normalization1, normalization2] }

    /// In the order in which they are computed with.
    var parameters: [Parameter] {
        normalization1.parameters + (projection.map { [$0.parameter] } ?? []) + [convolution1.parameter]
            + normalization2.parameters + [convolution2.parameter]
    }
}
