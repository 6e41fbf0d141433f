import TensorEngine

/// What of a student's training may be tuned: each acts in training alone, and reaches the validation loss through the
/// response of the weights.
enum StudentHyperparameter: String, CaseIterable {
    /// The share of units that are left out, of one layer or of all hidden ones; layer 0 is the pictures.
    case dropout
    /// λ of λ/2 Σ w², over the kernels as an example's hyperparameters make them; biases are not among them.
    case weightDecay
    /// The share of a label that is spread evenly over all classes.
    case labelSmoothing
    /// The standard deviation of normal noise that is added to pictures, whose pixels lie in 0 ... 1.
    case inputNoise
    /// How strongly pictures are shifted, and mirrored where they have colours (`Augmentation`).
    case augmentation

    /// - Parameter hiddenLayers: how many the student has.
    func tunable(hiddenLayers: Int) -> TunableHyperparameter {
        switch self {
        // All units can't be left out.
        case .dropout: TunableHyperparameter(rawValue, layers: 0...hiddenLayers, range: 0...0.99)
        case .labelSmoothing, .augmentation: TunableHyperparameter(rawValue, range: 0...1)
        case .weightDecay, .inputNoise: TunableHyperparameter(rawValue, range: 0...Double.infinity)
        }
    }
}
