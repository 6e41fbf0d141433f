import TensorEngine

/// wᵀ x + b on columns.
struct LinearLayer: Hashable, Sendable {
    let name: String
    let inputs: Int
    let outputs: Int

    /// The weight w `[inputs, outputs]` and the bias b `[outputs]`.
    var parameters: [Parameter] {
        [Parameter("\(name)/weight", [inputs, outputs]), Parameter("\(name)/bias", [outputs])]
    }

    /// `[inputs, columns]` to `[outputs, columns]`.
    ///
    /// - Parameter parameters: weight and bias.
    func callAsFunction(_ values: Tensor, parameters: ArraySlice<Tensor>) -> Tensor {
        let (weight, bias) = (parameters[parameters.startIndex], parameters[parameters.startIndex + 1])
        return weight.transposed().matrixProduct(values) + bias.reshaped([outputs, 1])
    }
}
