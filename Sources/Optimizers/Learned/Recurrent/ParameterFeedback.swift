import TensorEngine

/// The factor λ of θ' = θ + g + λ θ, by which a parameter itself enters its next value: a negative one is weight decay,
/// a positive one growth.
public enum ParameterFeedback: Hashable, Sendable {
    /// The same at every step for every coordinate.
    case fixed(Double)
    /// One for each coordinate and step, put out by the network beside g: λ = 0.1 tanh(w · h + b).
    ///
    /// The definition is our own. The bound keeps a parameter from growing or shrinking by more than a tenth a step,
    /// whatever meta-training tries; w and b start at 0, so that λ does too, and training begins where it begins
    /// without λ.
    case learned

    /// The largest λ that can be learned, and the smallest negated.
    public static let largestLearned = 0.1

    /// What is learned of it: for a network that puts out so many numbers, a second output of its linear layer under
    /// names of its own, weight `[inputs, outputs]` and bias `[outputs]`.
    ///
    /// - Parameter outputs: how many coordinates a column has.
    func parameters(inputs: Int, outputs: Int) -> [Parameter] {
        self == .learned ? layer(inputs: inputs, outputs: outputs).parameters : []
    }

    /// λ θ, `[outputs, columns]`; nil where λ is always 0.
    ///
    /// - Parameters:
    ///   - parameter: θ, `[outputs, columns]`.
    ///   - values: what the network puts out, `[inputs, columns]`.
    ///   - parameters: a tensor for each of `parameters`.
    func share(of parameter: Tensor, _ values: Tensor, parameters: ArraySlice<Tensor>) -> Tensor? {
        switch self {
        case .fixed(0): return nil
        case .fixed(let factor): return parameter * factor
        case .learned:
            let layer = layer(inputs: values.shape[0], outputs: parameter.shape[0])
            let output = layer(values, parameters: parameters)
            return parameter * (output.hyperbolicTangent() * Self.largestLearned)
        }
    }

    private func layer(inputs: Int, outputs: Int) -> LinearLayer {
        LinearLayer(name: "lambda", inputs: inputs, outputs: outputs)
    }
}
