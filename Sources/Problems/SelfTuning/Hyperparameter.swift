import TensorEngine

/// A hyperparameter that trains beside the weights.
public struct Hyperparameter: Hashable, Sendable {
    public let name: String
    public let space: HyperparameterSpace
    /// Its natural value at first.
    public let initial: Double
    /// The deviation, in unconstrained space, with which it is perturbed at first.
    public let scale: Double

    public init(_ name: String, _ space: HyperparameterSpace, initial: Double, scale: Double) {
        self.name = name
        self.space = space
        self.initial = initial
        self.scale = scale
    }
}

/// Hyperparameters as a batch sees them, traced: each example perturbed on its own (MacKay et al. 2019, section 3.2).
///
/// Examples lie along the last dimension, so that operations on whole rows work on many of them at once.
public struct PerturbedHyperparameters {
    private let spaces: [HyperparameterSpace]
    /// Unconstrained values, u + softplus(s) ⊙ ε, `[hyperparameters, examples]`.
    private let unconstrained: Tensor
    /// What layers respond to, `[hyperparameters, examples]`: the unconstrained values, or centred ones.
    public let response: Tensor

    /// - Parameters:
    ///   - center: unconstrained values u, `[hyperparameters]`.
    ///   - scales: s, before their softplus, `[hyperparameters]`.
    ///   - perturbation: ε, `[hyperparameters, examples]`.
    ///   - isCentred: whether layers respond to what hyperparameters are beside u alone, so that the weights are those at u
    ///     itself, and follow it as it moves (Bae and Grosse 2020, section 3.2).
    public init(
        _ hyperparameters: [Hyperparameter], center: Tensor, scales: Tensor, perturbation: Tensor, isCentred: Bool
    ) {
        spaces = hyperparameters.map(\.space)
        let column: Shape = [hyperparameters.count, 1]
        let center = center.reshaped(column)
        let deviation = scales.softplus().reshaped(column) * perturbation
        unconstrained = center + deviation
        response = isCentred ? (center - center.stoppingGradient()) + deviation : unconstrained
    }

    /// The natural values of one hyperparameter, `[1, examples]`.
    public func natural(_ index: Int) -> Tensor {
        spaces[index].natural(unconstrained.sliced(index..<index + 1))
    }
}
