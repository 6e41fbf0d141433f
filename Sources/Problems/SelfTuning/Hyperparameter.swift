import TensorEngine

/// A hyperparameter that trains beside the weights.
public struct Hyperparameter: Hashable, Sendable {
    public let name: String
    public let space: HyperparameterSpace
    /// Its natural value at first.
    public var initial: Double
    /// The deviation, in unconstrained space, with which it is perturbed at first.
    public let scale: Double
    /// The layer that it is of; nil for all.
    public let layer: Int?

    public init(_ name: String, _ space: HyperparameterSpace, initial: Double, scale: Double, layer: Int? = nil) {
        self.name = name
        self.space = space
        self.initial = initial
        self.scale = scale
        self.layer = layer
    }
}

/// Hyperparameters as a batch sees them, traced: each example perturbed on its own (MacKay et al. 2019, section 3.2).
///
/// Examples lie along the last dimension, so that operations on whole rows work on many of them at once.
public struct PerturbedHyperparameters {
    private let spaces: [HyperparameterSpace]
    /// Unconstrained values, u + softplus(s) ⊙ ε, `[hyperparameters, examples]`.
    private let unconstrained: Tensor
    /// What layers respond to, `[hyperparameters, examples]`: the unconstrained values, or centred ones; nil for 0.
    public let response: Tensor?

    /// - Parameters:
    ///   - center: unconstrained values u, `[hyperparameters]`.
    ///   - scales: s, before their softplus, `[hyperparameters]`.
    ///   - perturbation: ε, `[hyperparameters, examples]`.
    ///   - isCentred: whether layers respond to what hyperparameters are beside u alone, so that the weights are those at u
    ///     itself, and follow it as it moves (Bae and Grosse 2020, section 3.2).
    public init(
        _ hyperparameters: [Hyperparameter], center: Tensor, scales: Tensor, perturbation: Tensor, isCentred: Bool
    ) {
        let column: Shape = [hyperparameters.count, 1]
        let center = center.reshaped(column)
        let deviation = scales.softplus().reshaped(column) * perturbation
        let unconstrained = center + deviation
        self.init(
            hyperparameters.map(\.space), unconstrained,
            response: isCentred ? (center - center.stoppingGradient()) + deviation : unconstrained)
    }

    private init(_ spaces: [HyperparameterSpace], _ unconstrained: Tensor, response: Tensor?) {
        self.spaces = spaces
        self.unconstrained = unconstrained
        self.response = response
    }

    /// The same hyperparameters, while layers respond to something else; nil for nothing at all.
    public func responding(to response: Tensor?) -> PerturbedHyperparameters {
        PerturbedHyperparameters(spaces, unconstrained, response: response)
    }

    /// The natural values of one hyperparameter, `[1, examples]`.
    public func natural(_ index: Int) -> Tensor {
        spaces[index].natural(unconstrained.sliced(index..<index + 1))
    }

    /// All natural values, `[hyperparameters, examples]`.
    public var natural: Tensor { Tensor.concatenating(spaces.indices.map(natural)) }
}
