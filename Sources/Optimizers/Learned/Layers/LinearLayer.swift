import TensorEngine

/// wᵀ x + b on columns.
struct LinearLayer: Hashable, Sendable {
    let name: String
    let inputs: Int
    let outputs: Int

    /// The layers of a perceptron: hidden ones of so many units each, and the output layer.
    static func perceptron(inputs: Int, hidden: [Int], outputs: Int) -> [LinearLayer] {
        let sizes = [inputs] + hidden + [outputs]
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            LinearLayer(name: index < hidden.count ? "hidden\(index + 1)" : "output", inputs: sizes.0, outputs: sizes.1)
        }
    }

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

    /// The same where all columns have their last inputs in common, which are multiplied once.
    ///
    /// - Parameters:
    ///   - own: the inputs that differ, `[rows, columns]`.
    ///   - common: the others, `[inputs - rows, 1]`.
    func callAsFunction(_ own: Tensor, common: Tensor, parameters: ArraySlice<Tensor>) -> Tensor {
        let (weight, bias) = (parameters[parameters.startIndex], parameters[parameters.startIndex + 1])
        let rows = own.shape[0]
        let ofCommon = weight.sliced(rows..<inputs).transposed().matrixProduct(common)
        return weight.sliced(0..<rows).transposed().matrixProduct(own) + (ofCommon + bias.reshaped([outputs, 1]))
    }
}
