import Formats
import TensorEngine

/// A ``RecurrentNetwork`` on columns of more than one coordinate, or with averaging cells, through which columns learn of
/// each other (LSTM+GAC).
///
/// In the code published with Andrychowicz et al. 2016: `KernelDeepLSTM`, where a kernel's elements are one column's
/// inputs and outputs, and `StandardDeepLSTM`, where those of a whole tensor are.
public struct ColumnRecurrentOptimizer: Optimizer, Hashable {
    public let network: RecurrentNetwork
    public let columns: ParameterColumns

    public init(_ network: RecurrentNetwork, _ columns: ParameterColumns) {
        self.network = network
        self.columns = columns
    }

    public var metaParameters: [Parameter] { network.metaParameters(elements: columns.elements) }

    public func misfit(with parameters: [Parameter]) -> String? { columns.misfit(with: parameters) }

    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        network.stateFeatures.enumerated().map {
            CarriedTensor("state\($0 + 1)", [$1, columns.count(in: parameters)])
        }
    }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let (updated, state) = network(
            columns.columns(of: point.parameters), gradient: columns.columns(of: point.gradient), state: point.state,
            metaParameters: metaParameters)
        return .init(parameters: columns.tensors(updated, as: point.described), state: state)
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        network.initializeMetaParameters(values, elements: columns.elements, key: key)
    }
}

extension LearnedOptimizerKind {
    /// ``ColumnRecurrentOptimizer`` on the kernels of convolutions.
    public static let kernelRecurrent = LearnedOptimizerKind(
        "kernelLstm", "An LSTM for each kernel of a convolution (Andrychowicz et al. 2016, KernelDeepLSTM).",
        fields: [
            Field(
                "kernel", .list(of: .number(.whole(1...4096)), mayBeEmpty: false),
                "Height and width of the kernels that it works on.")
        ] + RecurrentNetwork.fields,
        check: { settings in
            let sizes = settings.value["kernel"]?.array ?? []
            let wrong = Slip(
                .key("kernel"), found: "\(sizes.count) numbers", allowed: "two, the height and width of a kernel")
            return (sizes.count == 2 ? [] : [wrong]) + RecurrentNetwork.slips(settings)
        }
    ) { settings in
        let sizes = settings.integers("kernel")
        return ColumnRecurrentOptimizer(RecurrentNetwork(settings), .kernels(height: sizes[0], width: sizes[1]))
    }

    /// ``ColumnRecurrentOptimizer`` on whole tensors.
    public static let tensorRecurrent = LearnedOptimizerKind(
        "tensorLstm",
        "One LSTM for all elements of a tensor together (Andrychowicz et al. 2016, StandardDeepLSTM).",
        fields: [
            Field(
                "elements", .number(.whole(1...1_000_000)), "How many elements the tensors have that it works on.")
        ] + RecurrentNetwork.fields, check: RecurrentNetwork.slips
    ) { settings in
        ColumnRecurrentOptimizer(RecurrentNetwork(settings), .tensors(elements: settings.integer("elements")))
    }
}
