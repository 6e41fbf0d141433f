import TensorEngine

/// The nonlinearity of a student's hidden layers.
public enum Activation: String, Sendable, CaseIterable {
    case sigmoid, tanh, relu, elu
    /// 1 where x > 0, else 0. Its derivative is 0, so it is for optimizers that learn without derivatives.
    case step

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .sigmoid: x.sigmoid()
        case .tanh: x.hyperbolicTangent()
        case .relu: x.maximum(0)
        case .elu: x.isGreater(than: x.filled(with: 0)).select(x, x.minimum(0).exponential() - 1)
        case .step: x.isGreater(than: x.filled(with: 0))
        }
    }
}
