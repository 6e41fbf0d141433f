import TensorEngine

/// A network that learns to tell classes apart: what a `Classification` optimizes.
///
/// One that carries nothing from step to step is a ``StatelessClassifier``, which is shorter.
public protocol Classifier: Sendable {
    /// How many numbers an example has.
    var inputs: Int { get }
    var classes: Int { get }
    /// The layers in short, such as `784-20-10`.
    var description: String { get }
    var parameters: [Parameter] { get }

    /// What goes from step to step beside the parameters and isn't trained, such as running statistics.
    var carried: [CarriedTensor] { get }

    /// The inputs to the softmax, `[examples, classes]`, and what is carried on, traced.
    ///
    /// - Parameters:
    ///   - parameters: tensors of the shapes of `self.parameters`.
    ///   - carried: tensors of the shapes of `self.carried`; so is what is carried on.
    ///   - images: `[examples, inputs]`.
    func answer(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, carried: [Tensor])

    /// What it tells of its weights one by one; nil where it tells nothing.
    ///
    /// - Parameter loss: what its answers cost.
    func observable(loss: ClassificationLoss) -> (any LocallyObservable)?

    /// Writes initial parameters.
    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey)
}

extension Classifier {
    public func observable(loss: ClassificationLoss) -> (any LocallyObservable)? { nil }
}

/// A network that carries nothing from step to step, and does in evaluation what it does in training.
public protocol StatelessClassifier: Classifier {
    /// The inputs to the softmax, `[examples, classes]`.
    ///
    /// - Parameters:
    ///   - parameters: tensors of the shapes of `self.parameters`.
    ///   - images: `[examples, inputs]`.
    func logits(_ parameters: [Tensor], _ images: Tensor) -> Tensor
}

extension StatelessClassifier {
    public var carried: [CarriedTensor] { [] }

    public func answer(
        _ parameters: [Tensor], carried: [Tensor], _ images: Tensor, mode: ObjectiveMode
    ) -> (logits: Tensor, carried: [Tensor]) {
        (logits(parameters, images), [])
    }
}

extension Tensor {
    /// A fully connected layer without its nonlinearity.
    ///
    /// - Parameter weight: `[inputs + 1, units]`; its last row is the bias.
    func dense(_ weight: Tensor) -> Tensor {
        let fanIn = weight.shape[0] - 1
        return matrixProduct(weight.sliced(0..<fanIn)) + weight.sliced(fanIn..<fanIn + 1)
    }
}
