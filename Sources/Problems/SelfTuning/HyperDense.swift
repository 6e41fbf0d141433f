import TensorEngine

/// How a layer's weights follow hyperparameters.
public enum HyperResponse: String, Hashable, Sendable, CaseIterable {
    /// One coefficient for each example and layer.
    case scalar
    /// One for each output unit too, as in the code published with MacKay et al. 2019.
    case perUnit
}

/// A dense layer whose weights are an affine function of hyperparameters (MacKay et al. 2019, equation 10):
/// y = x W + b + (u k_w) ⊙ (x W_h) + (u k_b) ⊙ b_h, with one row of u for each example.
public struct HyperDense: Hashable, Sendable {
    public let name: String
    public let inputs: Int
    public let outputs: Int
    public let hyperparameters: Int
    public let response: HyperResponse

    public init(_ name: String, inputs: Int, outputs: Int, hyperparameters: Int, response: HyperResponse) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.hyperparameters = hyperparameters
        self.response = response
    }

    private var coefficients: Shape { [hyperparameters, response == .scalar ? 1 : outputs] }

    /// W, W_h, k_w, b, b_h and k_b.
    public var parameters: [Parameter] {
        [
            Parameter("\(name)/kernel", [inputs, outputs], .denseKernel),
            Parameter("\(name)/responseKernel", [inputs, outputs], .denseKernel),
            Parameter("\(name)/kernelCoefficients", coefficients),
            Parameter("\(name)/bias", [outputs], .denseBias),
            Parameter("\(name)/responseBias", [outputs], .denseBias),
            Parameter("\(name)/biasCoefficients", coefficients),
        ]
    }

    /// Weights and biases are drawn uniformly within 1/√fan-in, coefficients normally with deviation 0.1.
    public func initialize<Scalar: TensorScalar>(_ parameters: ArraySlice<TensorElements<Scalar>>, key: RandomKey) {
        let bound = 1 / Double(inputs).squareRoot()
        for (index, tensor) in parameters.enumerated() {
            var stream = RandomStream(key.derived("parameter", UInt64(index)))
            if index == 2 || index == 5 {
                tensor.fillNormal(&stream, deviation: 0.1)
            } else {
                for element in 0..<tensor.count { tensor[element] = Scalar(stream.uniform(in: -bound..<bound)) }
            }
        }
    }

    /// `[examples, inputs]` to `[examples, outputs]`.
    ///
    /// - Parameters:
    ///   - unconstrained: u, `[examples, hyperparameters]`.
    ///   - parameters: a tensor for each of `parameters`.
    public func callAsFunction(_ values: Tensor, _ unconstrained: Tensor, _ parameters: ArraySlice<Tensor>) -> Tensor {
        let own = Array(parameters)
        let fixed = values.matrixProduct(own[0]) + own[3]
        let kernel = unconstrained.matrixProduct(own[2]) * values.matrixProduct(own[1])
        return fixed + kernel + unconstrained.matrixProduct(own[5]) * own[4]
    }
}
