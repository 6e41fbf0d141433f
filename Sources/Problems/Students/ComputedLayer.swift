import TensorEngine

/// A layer with weights as a network computed it, traced: what Kronecker-factored curvature is made of.
public struct ComputedLayer {
    /// How a convolution's windows lie on its images.
    struct Convolution {
        let window: [Int]
        let strides: [Int]
        let padding: Padding
    }

    /// The index of its kernel among the network's parameters.
    public let kernel: Int
    /// What came out before normalization and nonlinearity, the bias included: `[examples, positions…, units]`, where a
    /// dense layer has no positions.
    public let outputs: Tensor
    private let values: Tensor
    private let convolution: Convolution?

    /// - Parameters:
    ///   - values: `[examples, fan-in]`, or a convolution's images, `[examples, sizes…, channels]`.
    ///   - convolution: nil for a dense layer.
    init(kernel: Int, values: Tensor, outputs: Tensor, convolution: Convolution? = nil) {
        self.kernel = kernel
        self.outputs = outputs
        self.values = values
        self.convolution = convolution
    }

    /// What the kernel was multiplied by, without the 1 that a bias has: `[examples, fan-in]`, or
    /// `[examples, positions…, window…, channels]`. Traced when it is asked for.
    public var inputs: Tensor {
        guard let convolution else { return values }
        return values.windows(convolution.window, strides: convolution.strides, padding: convolution.padding)
    }
}

/// A network that tells its layers.
public protocol LayeredClassifier: Classifier {
    /// The inputs to the softmax, `[examples, classes]`, and a layer for each kernel, in the order of the parameters,
    /// traced; parameters of ``Classifier/answer(_:carried:_:mode:)``.
    func layers(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, layers: [ComputedLayer])
}
