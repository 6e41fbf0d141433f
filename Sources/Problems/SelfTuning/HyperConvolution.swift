import TensorEngine

/// A convolution whose filters are an affine function of hyperparameters (MacKay et al. 2019, section 3.3): as
/// ``HyperDense``, with a coefficient for each example, or for each example and filter.
public struct HyperConvolution: Hashable, Sendable {
    public let weights: RespondingWeights
    public let stride: Int

    public init(
        _ name: String, size: Int, channels: Int, filters: Int, stride: Int = 1, hyperparameters: Int,
        response: HyperResponse?
    ) {
        weights = RespondingWeights(
            name, .convolution(size: size, channels: channels), units: filters, hyperparameters: hyperparameters,
            response: response)
        self.stride = stride
    }

    /// `[examples, height, width, channels]` to `[examples, height, width, filters]`, padded to keep their size.
    ///
    /// - Parameters:
    ///   - unconstrained: u, `[hyperparameters, examples]`; nil for 0.
    ///   - tensors: of the shapes of the weights' tensors.
    public func callAsFunction(_ values: Tensor, _ unconstrained: Tensor?, _ tensors: ArraySlice<Tensor>) -> Tensor {
        let own = weights.traced(unconstrained, tensors)
        func convolved(_ filters: Tensor) -> Tensor { values.convolution(filters, strides: [stride, stride]) }
        guard let response = own.response else { return convolved(own.kernel) + own.bias }
        // Both kernels look at the same windows, so they are one.
        let units = weights.units
        let both = convolved(Tensor.concatenating([own.kernel, response.kernel], axis: 3))
        let (fixed, following) = (both.sliced(0..<units, axis: 3), both.sliced(units..<2 * units, axis: 3))
        func each(_ coefficients: Tensor) -> Tensor {
            coefficients.transposed().reshaped([values.shape[0], 1, 1, coefficients.shape[0]])
        }
        return fixed + own.bias + each(response.kernelCoefficients) * following
            + each(response.biasCoefficients) * response.bias
    }
}
