/// Something that is known of each weight of a network where it stands, beside its value, without a derivative.
///
/// It is told of the minibatch, or of each of its examples. A neuron's output is what comes after its activation, and
/// for an output neuron the softmax, or with squared error the output itself. A bias has an input of 1. Of a minibatch,
/// x̂ is x less its mean and divided by its deviation over the examples (a bias's input stays 1), so that a feature is
/// about as large in every layer of every network; of one example it is x itself.
public enum LocalFeature: String, Sendable, CaseIterable {
    /// The weight's input: of a minibatch its mean, and the logarithm of its deviation divided by 4.
    case input
    /// Its neuron's output: the same.
    case output
    /// Means of x̂ŷ, x̂l̂, ŷl̂ and x̂ŷl̂, of its input x, its neuron's output y and the example's loss l.
    case products
    /// Of an output neuron with target t: 1, t, and ten times x̂ (t − y); 0 of others.
    case target
    /// Of the layer's other neurons: mean and deviation over the layer of their outputs, and of the weights from the
    /// same input.
    case layer
    /// Where the weight stands: the layer's depth from 0 to 1, the logarithms of fan-in and fan-out, whether it is a bias,
    /// and one of five for its neuron's activation, all 0 for an output neuron.
    case place
    /// The loss.
    case loss

    /// How many numbers it is.
    ///
    /// - Parameter ofExamples: whether it is told of each example; then, so many for each.
    public func rows(ofExamples: Bool) -> Int {
        switch self {
        case .input, .output: ofExamples ? 1 : 2
        case .loss: 1
        case .products, .layer: 4
        case .target: 3
        case .place: 4 + Activation.allCases.count
        }
    }
}
