import TensorEngine

/// The parameters of one layer among an optimizer's: its kernel, and its bias where that comes right after or is the
/// kernel's last row.
struct LayerParameters {
    let kernel: Int
    /// The place of the bias where it is a parameter of its own.
    let bias: Int?
    let hasBias: Bool
    /// How many rows the layer's matrix has, the bias's included.
    let inputs: Int
    let units: Int

    /// A layer for each kernel, in order.
    static func all(_ parameters: [Parameter]) -> [LayerParameters] {
        parameters.indices.filter { biasKind(of: parameters[$0].kind) != nil }
            .map { LayerParameters(parameters, kernel: $0) }
    }

    private init(_ parameters: [Parameter], kernel: Int) {
        let parameter = parameters[kernel]
        units = parameter.shape.sizes.last ?? 1
        let next = kernel + 1
        let isBias =
            !parameter.endsInBias && next < parameters.count
            && parameters[next].kind == Self.biasKind(of: parameter.kind) && parameters[next].shape.count == units
        self.kernel = kernel
        bias = isBias ? next : nil
        hasBias = isBias || parameter.endsInBias
        inputs = parameter.shape.count / units + (isBias ? 1 : 0)
    }

    /// What a kernel's bias is; nil of what is no kernel.
    private static func biasKind(of kind: ParameterKind) -> ParameterKind? {
        switch kind {
        case .denseKernel: .denseBias
        case .convolutionKernel: .convolutionBias
        default: nil
        }
    }

    /// Kernel and bias as one matrix, `[inputs, units]`.
    ///
    /// - Parameter tensors: of the shapes of all parameters.
    func matrix(of tensors: [Tensor]) -> Tensor {
        guard let bias else { return tensors[kernel].reshaped([inputs, units]) }
        return Tensor.concatenating([
            tensors[kernel].reshaped([inputs - 1, units]), tensors[bias].reshaped([1, units]),
        ])
    }

    /// Puts the parts of such a matrix in the place of kernel and bias.
    func write(_ matrix: Tensor, to tensors: inout [Tensor]) {
        guard let bias else {
            tensors[kernel] = matrix.reshaped(tensors[kernel].shape)
            return
        }
        tensors[kernel] = matrix.sliced(0..<inputs - 1).reshaped(tensors[kernel].shape)
        tensors[bias] = matrix.sliced(inputs - 1..<inputs).reshaped(tensors[bias].shape)
    }
}
