import TensorEngine

/// The nonlinearity of a student's hidden layers.
public enum Activation: String, Sendable, CaseIterable {
    case sigmoid, tanh, relu, elu

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .sigmoid: x.sigmoid()
        case .tanh: x.hyperbolicTangent()
        case .relu: x.maximum(0)
        case .elu: x.isGreater(than: x.filled(with: 0)).select(x, x.minimum(0).exponential() - 1)
        }
    }
}
