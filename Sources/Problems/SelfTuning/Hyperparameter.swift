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
public struct PerturbedHyperparameters {
    private let spaces: [HyperparameterSpace]
    /// What the response sees, u + softplus(s) ⊙ ε, `[hyperparameters, examples]`:
    /// examples lie along the last dimension, so that operations on whole rows work on many of them at once.
    public let unconstrained: Tensor

    /// - Parameters:
    ///   - center: unconstrained values u, `[hyperparameters]`.
    ///   - scales: s, before their softplus, `[hyperparameters]`.
    ///   - perturbation: ε, `[hyperparameters, examples]`.
    public init(_ hyperparameters: [Hyperparameter], center: Tensor, scales: Tensor, perturbation: Tensor) {
        spaces = hyperparameters.map(\.space)
        let column: Shape = [hyperparameters.count, 1]
        unconstrained = center.reshaped(column) + scales.softplus().reshaped(column) * perturbation
    }

    /// The natural values of one hyperparameter, `[1, examples]`.
    public func natural(_ index: Int) -> Tensor {
        spaces[index].natural(unconstrained.sliced(index..<index + 1))
    }
}
