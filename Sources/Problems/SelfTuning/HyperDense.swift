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
    ///   - tensors: of the shapes of the weights' tensors.
    public func callAsFunction(_ values: Tensor, _ unconstrained: Tensor?, _ tensors: ArraySlice<Tensor>) -> Tensor {
        let own = weights.traced(unconstrained, tensors)
        func column(_ bias: Tensor) -> Tensor { bias.reshaped([weights.units, 1]) }
        let fixed = own.kernel.transposed().matrixProduct(values) + column(own.bias)
        guard let response = own.response, let matrix = tensors.first else { return fixed }
        if weights.response == .scalar, weights.fanIn <= Self.mostJoined {
            // What an example's coefficient multiplies may be its inputs as well, so that one product does it all.
            let ones = values.constant(1, shape: [1, values.shape[1]])
            return matrix.transposed().matrixProduct(
                Tensor.concatenating([
                    values, response.kernelCoefficients * values, ones, response.biasCoefficients,
                ]))
        }
        let following = response.kernelCoefficients * response.kernel.transposed().matrixProduct(values)
        return fixed + following + response.biasCoefficients * column(response.bias)
    }

    /// Layers with more inputs than this would copy more than they gain.
    private static let mostJoined = 64
}
