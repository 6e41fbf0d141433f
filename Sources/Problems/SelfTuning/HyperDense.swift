import TensorEngine

/// A dense layer whose weights are an affine function of hyperparameters (MacKay et al. 2019, equation 10):
/// y = x W + b + (u k_w) ⊙ (x W_h) + (u k_b) ⊙ b_h, with u of each example. (Here all of it transposed: examples are columns.)
public struct HyperDense: Hashable, Sendable {
    public let weights: RespondingWeights

    public init(_ name: String, inputs: Int, outputs: Int, hyperparameters: Int, response: HyperResponse?) {
        weights = RespondingWeights(
            name, .dense(inputs: inputs), units: outputs, hyperparameters: hyperparameters, response: response)
    }

    /// `[inputs, examples]` to `[outputs, examples]`.
    ///
    /// - Parameters:
    ///   - unconstrained: u, `[hyperparameters, examples]`; nil for 0.
    ///   - parameters: a tensor for each of the weights' parameters.
    public func callAsFunction(_ values: Tensor, _ unconstrained: Tensor?, _ parameters: ArraySlice<Tensor>) -> Tensor {
        let own = weights.traced(unconstrained, parameters)
        func row(_ bias: Tensor) -> Tensor { bias.reshaped([1, weights.units]) }
        func column(_ bias: Tensor) -> Tensor { bias.reshaped([weights.units, 1]) }
        guard let response = own.response else {
            return own.kernel.transposed().matrixProduct(values) + column(own.bias)
        }
        let isJoined = weights.fanIn <= Self.mostJoined
        let ones = values.constant(1, shape: [1, values.shape[1]])
        if isJoined, weights.response == .scalar {
            // What an example's coefficient multiplies may be its inputs as well, so that one product does it all.
            return Self.product(
                [own.kernel, response.kernel, row(own.bias), row(response.bias)],
                [values, response.kernelCoefficients * values, ones, response.biasCoefficients])
        }
        let fixed =
            isJoined
            ? Self.product([own.kernel, row(own.bias)], [values, ones])
            : own.kernel.transposed().matrixProduct(values) + column(own.bias)
        let kernel = response.kernelCoefficients * response.kernel.transposed().matrixProduct(values)
        return fixed + kernel + response.biasCoefficients * column(response.bias)
    }

    /// Layers with more inputs than this would copy more than they gain.
    private static let mostJoined = 64

    /// Σ wᵀ v of weights and values whose rows belong together.
    private static func product(_ weights: [Tensor], _ values: [Tensor]) -> Tensor {
        Tensor.concatenating(weights).transposed().matrixProduct(Tensor.concatenating(values))
    }
}
