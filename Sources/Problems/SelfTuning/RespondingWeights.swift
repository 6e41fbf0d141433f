import TensorEngine

/// How a layer's weights follow hyperparameters.
public enum HyperResponse: String, Hashable, Sendable, CaseIterable {
    /// One coefficient for each example and layer.
    case scalar
    /// One for each output unit too, as in the code published with MacKay et al. 2019.
    case perUnit
}

/// The parameters of a layer whose weights are an affine function of hyperparameters (MacKay et al. 2019, equation 10):
/// W + (u k_w) W_h and b + (u k_b) ⊙ b_h, with u of each example.
public struct RespondingWeights: Hashable, Sendable {
    /// What a layer is.
    public enum Form: Hashable, Sendable {
        /// A kernel of `[inputs, units]`.
        case dense(inputs: Int)
        /// A kernel of `[size, size, channels, units]`.
        case convolution(size: Int, channels: Int)
    }

    public let name: String
    public let form: Form
    /// Units, or filters.
    public let units: Int
    public let hyperparameters: Int
    /// Nil for weights that don't respond: W and b alone.
    public let response: HyperResponse?

    public init(_ name: String, _ form: Form, units: Int, hyperparameters: Int, response: HyperResponse?) {
        self.name = name
        self.form = form
        self.units = units
        self.hyperparameters = hyperparameters
        self.response = response
    }

    private var kernel: Shape {
        switch form {
        case .dense(let inputs): [inputs, units]
        case .convolution(let size, let channels): [size, size, channels, units]
        }
    }

    private var kinds: (kernel: ParameterKind, bias: ParameterKind) {
        switch form {
        case .dense: (.denseKernel, .denseBias)
        case .convolution: (.convolutionKernel, .convolutionBias)
        }
    }

    /// How many inputs a unit has.
    public var fanIn: Int { kernel.count / units }

    /// W, W_h, b, b_h, k_w and k_b; or W and b.
    public var parameters: [Parameter] {
        let weights = Parameter("\(name)/kernel", kernel, kinds.kernel)
        let bias = Parameter("\(name)/bias", [units], kinds.bias)
        guard response != nil else { return [weights, bias] }
        return [
            weights, Parameter("\(name)/responseKernel", kernel, kinds.kernel), bias,
            Parameter("\(name)/responseBias", [units], kinds.bias),
            Parameter("\(name)/kernelCoefficients", coefficients),
            Parameter("\(name)/biasCoefficients", coefficients),
        ]
    }

    private var coefficients: Shape { [hyperparameters, response == .scalar ? 1 : units] }

    /// The parameters as the layer computes with them: those of one width that lie one after the other are one matrix, which
    /// no step has to put together.
    public var tensors: [Shape] {
        guard case .dense(let inputs) = form else { return parameters.map(\.shape) }
        guard response != nil else { return [[inputs + 1, units]] }
        return [[2 * inputs + 2, units], coefficients, coefficients]
    }

    /// Whether each parameter is one of the response, in their order.
    public var isResponse: [Bool] {
        response == nil ? [false, false] : [false, true, false, true, true, true]
    }

    /// Weights and biases are drawn uniformly within 1/√fan-in, coefficients normally.
    ///
    /// What doesn't respond is drawn as if it did.
    ///
    /// - Parameters:
    ///   - kernelBound: another bound of W.
    ///   - coefficientDeviation: of the coefficients.
    public func initialize<Scalar: TensorScalar>(
        _ parameters: ArraySlice<TensorElements<Scalar>>, key: RandomKey, kernelBound: Double? = nil,
        coefficientDeviation: Double = 0.1
    ) {
        let bound = 1 / Double(fanIn).squareRoot()
        // In the order in which weights and biases were first drawn: W, W_h, k_w, b, b_h, k_b.
        let order = response == nil ? [0, 3] : [0, 1, 3, 4, 2, 5]
        for (index, tensor) in zip(order, parameters) {
            var stream = RandomStream(key.derived("parameter", UInt64(index)))
            if index == 2 || index == 5 {
                tensor.fillNormal(&stream, deviation: coefficientDeviation)
            } else {
                let bound = index == 0 ? kernelBound ?? bound : bound
                for element in 0..<tensor.count { tensor[element] = Scalar(stream.uniform(in: -bound..<bound)) }
            }
        }
    }

    /// The parameters, traced, and what an example's hyperparameters make of them.
    struct Traced {
        struct Response {
            /// W_h and b_h.
            let kernel: Tensor
            let bias: Tensor
            /// u k_w and u k_b, `[1 or units, examples]`.
            let kernelCoefficients: Tensor
            let biasCoefficients: Tensor
        }

        let kernel: Tensor
        let bias: Tensor
        /// Nil where nothing responds.
        let response: Response?
    }

    /// - Parameters:
    ///   - unconstrained: u, `[hyperparameters, examples]`; nil for 0.
    ///   - tensors: of the shapes of `tensors`.
    func traced(_ unconstrained: Tensor?, _ tensors: ArraySlice<Tensor>) -> Traced {
        let own = apart(Array(tensors))
        guard response != nil, let unconstrained else {
            return Traced(kernel: own[0], bias: own[response == nil ? 1 : 2], response: nil)
        }
        func coefficients(_ index: Int) -> Tensor {
            // Of a single row, the product is elementwise, and part of what comes after it.
            hyperparameters == 1
                ? own[index].transposed() * unconstrained : own[index].transposed().matrixProduct(unconstrained)
        }
        return Traced(
            kernel: own[0], bias: own[2],
            response: .init(
                kernel: own[1], bias: own[3], kernelCoefficients: coefficients(4), biasCoefficients: coefficients(5)))
    }

    /// A tensor for each of `parameters`.
    private func apart(_ tensors: [Tensor]) -> [Tensor] {
        guard case .dense(let inputs) = form else { return tensors }
        let matrix = tensors[0]
        func bias(_ row: Int) -> Tensor { matrix.sliced(row..<row + 1).reshaped([units]) }
        guard response != nil else { return [matrix.sliced(0..<inputs), bias(inputs)] }
        let kernels = [matrix.sliced(0..<inputs), matrix.sliced(inputs..<2 * inputs)]
        return kernels + [bias(2 * inputs), bias(2 * inputs + 1)] + tensors.dropFirst()
    }

    /// The sum of the squares of an example's kernel, W + (u k_w) W_h, `[1, examples]`; `[1, 1]` where nothing responds.
    ///
    /// It takes two passes over the kernels, however many examples there are.
    func squaredNorm(_ unconstrained: Tensor?, _ tensors: ArraySlice<Tensor>) -> Tensor {
        let own = traced(unconstrained, tensors)
        guard let following = own.response else { return own.kernel.squared().sum().reshaped([1, 1]) }
        func sums(_ products: Tensor) -> Tensor {
            switch response {
            case .perUnit: products.reshaped([fanIn, units]).sum(axes: [0]).reshaped([units, 1])
            case .scalar, nil: products.sum().reshaped([1, 1])
            }
        }
        let coefficients = following.kernelCoefficients
        let curved = coefficients * sums(following.kernel.squared()) + 2 * sums(own.kernel * following.kernel)
        return (sums(own.kernel.squared()) + coefficients * curved).sum(axes: [0])
    }
}
