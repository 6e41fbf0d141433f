import TensorEngine

/// How a layer's weights follow hyperparameters.
public enum HyperResponse: String, Hashable, Sendable, CaseIterable {
    /// One coefficient for each example and layer.
    case scalar
    /// One for each output unit too, as in the code published with MacKay et al. 2019.
    case perUnit
}

/// A dense layer whose weights are an affine function of hyperparameters (MacKay et al. 2019, equation 10):
/// y = x W + b + (u k_w) ⊙ (x W_h) + (u k_b) ⊙ b_h, with u of each example. (Here all of it transposed: examples are columns.)
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
    ///
    /// - Parameter kernelBound: another bound of W.
    public func initialize<Scalar: TensorScalar>(
        _ parameters: ArraySlice<TensorElements<Scalar>>, key: RandomKey, kernelBound: Double? = nil
    ) {
        let bound = 1 / Double(inputs).squareRoot()
        for (index, tensor) in parameters.enumerated() {
            var stream = RandomStream(key.derived("parameter", UInt64(index)))
            if index == 2 || index == 5 {
                tensor.fillNormal(&stream, deviation: 0.1)
            } else {
                let bound = index == 0 ? kernelBound ?? bound : bound
                for element in 0..<tensor.count { tensor[element] = Scalar(stream.uniform(in: -bound..<bound)) }
            }
        }
    }

    /// `[inputs, examples]` to `[outputs, examples]`.
    ///
    /// - Parameters:
    ///   - unconstrained: u, `[hyperparameters, examples]`.
    ///   - parameters: a tensor for each of `parameters`.
    public func callAsFunction(_ values: Tensor, _ unconstrained: Tensor, _ parameters: ArraySlice<Tensor>) -> Tensor {
        let own = Array(parameters)
        let ones = values.constant(1, shape: [1, values.shape[1]])
        func coefficients(_ index: Int) -> Tensor {
            // Of a single row, the product is elementwise, and part of what comes after it.
            hyperparameters == 1
                ? own[index].transposed() * unconstrained : own[index].transposed().matrixProduct(unconstrained)
        }
        func row(_ bias: Tensor) -> Tensor { bias.reshaped([1, outputs]) }
        switch response {
        case .scalar:
            // What an example's coefficient multiplies may be its inputs as well, so that one product does it all.
            return Self.product(
                [own[0], own[1], row(own[3]), row(own[4])],
                [values, coefficients(2) * values, ones, coefficients(5)])
        case .perUnit:
            let fixed = Self.product([own[0], row(own[3])], [values, ones])
            let kernel = coefficients(2) * own[1].transposed().matrixProduct(values)
            return fixed + kernel + coefficients(5) * own[4].reshaped([outputs, 1])
        }
    }

    /// Σ wᵀ v of weights and values whose rows belong together.
    private static func product(_ weights: [Tensor], _ values: [Tensor]) -> Tensor {
        Tensor.concatenating(weights).transposed().matrixProduct(Tensor.concatenating(values))
    }
}
