import TensorEngine

/// Parameters as columns, such as networks read one at a time: of single elements, or of more.
public enum ParameterColumns: Hashable, Sendable {
    /// Each element by itself.
    case coordinates
    /// Each kernel of a convolution: the elements from one channel to one filter.
    case kernels(height: Int, width: Int)
    /// Each tensor as a whole, of so many elements; of a tensor whose first dimension is a batch of problems, as the
    /// quadratic's is, each problem's.
    case tensors(elements: Int)

    /// How many elements a column has.
    public var elements: Int {
        switch self {
        case .coordinates: 1
        case .kernels(let height, let width): height * width
        case .tensors(let elements): elements
        }
    }

    /// Why parameters have no such columns, in words; nil where they have.
    func misfit(with parameters: [Parameter]) -> String? {
        switch self {
        case .coordinates:
            return nil
        case .kernels(let height, let width):
            guard let other = parameters.first(where: { !isKernel($0, height: height, width: width) }) else {
                return nil
            }
            return
                "the optimizer reads kernels of \(height) by \(width), and \(Self.wording(other)) has none; "
                + "metaTraining.parameterGroups gives it those alone that have"
        case .tensors(let elements):
            let other = parameters.first {
                ![$0.shape.count, $0.shape.sizes.dropFirst().reduce(1, *)].contains(elements)
            }
            guard let other else { return nil }
            return
                "the optimizer reads tensors of \(elements) elements, and \(Self.wording(other)) has "
                + "\(other.shape.count); metaTraining.parameterGroups gives it those alone that have as many"
        }
    }

    private func isKernel(_ parameter: Parameter, height: Int, width: Int) -> Bool {
        parameter.kind == .convolutionKernel && Array(parameter.shape.sizes.prefix(2)) == [height, width]
    }

    private static func wording(_ parameter: Parameter) -> String { "\(parameter.name) \(parameter.shape.sizes)" }

    /// How many columns parameters have together.
    func count(in parameters: [Parameter]) -> Int { parameters.elementCount / elements }

    /// All columns of some tensors, `[elements, columns]`. A kernel's elements are the tensor's first two dimensions; a
    /// whole tensor's lie together.
    func columns(of tensors: [Tensor]) -> Tensor {
        Tensor.concatenating(
            tensors.map { tensor in
                let count = tensor.shape.count / elements
                guard case .tensors = self else { return tensor.reshaped([elements, count]) }
                return tensor.reshaped([count, elements]).transposed()
            }, axis: 1)
    }

    /// The tensors that have such columns.
    func tensors(_ columns: Tensor, as parameters: [Parameter]) -> [Tensor] {
        var first = 0
        return parameters.map { parameter in
            let count = parameter.shape.count / elements
            defer { first += count }
            let own = columns.sliced(first..<first + count, axis: 1)
            guard case .tensors = self else { return own.reshaped(parameter.shape) }
            return own.transposed().reshaped(parameter.shape)
        }
    }
}
