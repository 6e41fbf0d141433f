import TensorEngine

/// What an objective tells beside where its loss is minus the mean over examples of the logarithm of a likelihood, a
/// constant aside, and its outputs are a network's whose layers it knows: what the Fisher matrix is estimated from.
public protocol LayeredLikelihood: Sendable {
    /// The outputs, `[examples, outputs]`, and a layer for each kernel among the parameters, traced.
    func layers(_ inputs: ObjectiveInputs) -> (outputs: Tensor, layers: [ComputedLayer])

    /// For each example the derivative of the logarithm of its likelihood by its outputs, `[examples, outputs]`, with a
    /// target that is drawn from the model: the expectation of its outer product is the Fisher matrix of the outputs.
    ///
    /// - Parameter number: a scalar from 0 to 1 that the draw follows from; see `SystematicSample`.
    func sampledSlopes(_ outputs: Tensor, number: Tensor) -> Tensor
}

/// A student that classifies: cross-entropy is the likelihood of a class, squared error that of a normal distribution
/// with variance 1 around the outputs.
struct LayeredClassification: LayeredLikelihood {
    private let student: any LayeredClassifier
    private let loss: ClassificationLoss

    /// Nil where there is no likelihood, or the student doesn't tell.
    init?(_ classification: Classification) {
        guard classification.exampleLoss.hasLikelihood,
            let student = classification.student as? any LayeredClassifier
        else { return nil }
        self.student = student
        loss = classification.exampleLoss
    }

    func layers(_ inputs: ObjectiveInputs) -> (outputs: Tensor, layers: [ComputedLayer]) {
        let answer = student.layers(
            inputs.parameters, carried: inputs.carried, inputs.batch[0], mode: inputs.mode)
        return (answer.logits, answer.layers)
    }

    func sampledSlopes(_ outputs: Tensor, number: Tensor) -> Tensor {
        loss.sampledSlopes(logits: outputs, number: number)
    }
}

extension ClassificationLoss {
    /// Whether minus the logarithm of a likelihood is the loss, a constant aside.
    var hasLikelihood: Bool {
        switch self {
        case .crossEntropy, .squaredError: true
        case .zeroOne: false
        }
    }

    /// As ``LayeredLikelihood/sampledSlopes(_:number:)``; of cross-entropy, a class in one-hot coding less the softmax.
    ///
    /// With squared error, outputs have the identity as their Fisher matrix, and a normal target is no further from them
    /// than its noise. In place of normal noise it is √K times one of the K unit vectors, each as probable: its second
    /// moment is the identity as well, and the mean over a minibatch of a multiple of K examples is that exactly.
    func sampledSlopes(logits: Tensor, number: Tensor) -> Tensor {
        let sample = SystematicSample(examples: logits.shape[0], number: number)
        switch self {
        case .crossEntropy, .zeroOne:
            let shares = logits.logSoftmax().exponential()
            return sample.classes(shares) - shares
        case .squaredError:
            let classes = Double(logits.shape[1])
            return sample.classes(logits.filled(with: 1 / classes)) * classes.squareRoot()
        }
    }
}
