/// Something that is known of each weight of a network where it stands, beside its value, without a derivative.
///
/// Means are over the minibatch; a neuron's output is what comes after its activation, and for an output neuron the
/// softmax. A bias has an input of 1.
public enum LocalFeature: String, Sendable, CaseIterable {
    /// The mean of the weight's input.
    case input
    /// The mean of its neuron's output.
    case output
    /// Means of products of input, output and the example's loss relative to the mean loss of the batch: input times
    /// output, input times loss, output times loss, and all three.
    case products
    /// For an output neuron the mean of the target and that of input times target, 0 for others; and whether it is one.
    case target
    /// Of the layer's other neurons: mean and deviation over the layer of their mean outputs, and the mean and the
    /// deviation of the weights from the same input.
    case layer
    /// Where the neuron stands: the layer's depth from 0 to 1, the logarithms of fan-in and fan-out, and one of five
    /// for its activation, all 0 for an output neuron.
    case place
    /// The mean loss of the batch.
    case loss

    /// How many numbers it is.
    public var rows: Int {
        switch self {
        case .input, .output, .loss: 1
        case .products, .layer: 4
        case .target: 3
        case .place: 3 + Activation.allCases.count
        }
    }
}
