import TensorEngine

/// A network that learns to tell classes apart: what a `Classification` optimizes.
public protocol Classifier: Sendable {
    /// How many numbers an example has.
    var inputs: Int { get }
    var classes: Int { get }
    /// The layers in short, such as `784-20-10`.
    var description: String { get }
    var parameters: [Parameter] { get }

    /// The inputs to the softmax, `[examples, classes]`.
    ///
    /// - Parameters:
    ///   - parameters: tensors of the shapes of `self.parameters`.
    ///   - images: `[examples, inputs]`.
    func logits(_ parameters: [Tensor], _ images: Tensor) -> Tensor

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

extension Tensor {
    /// A fully connected layer without its nonlinearity.
    ///
    /// - Parameter weight: `[inputs + 1, units]`; its last row is the bias.
    func dense(_ weight: Tensor) -> Tensor {
        let fanIn = weight.shape[0] - 1
        return matrixProduct(weight.sliced(0..<fanIn)) + weight.sliced(fanIn..<fanIn + 1)
    }
}
