import TensorEngine

/// A function of its parameters alone: it says what they are, where they begin, and the loss.
///
///     struct Bowl: FunctionObjective {
///         let dimensions: Int
///
///         var parameters: [Parameter] { [Parameter("x", [dimensions])] }
///
///         func loss(_ parameters: [Tensor]) -> Tensor { parameters[0].squared().sum() }
///
///         func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
///             var stream = RandomStream(key.derived("initial parameters"))
///             parameters[0].fillNormal(&stream)
///         }
///     }
public protocol FunctionObjective: Objective {
    /// The loss, a scalar, traced.
    ///
    /// - Parameter parameters: tensors of the shapes of `self.parameters`.
    func loss(_ parameters: [Tensor]) -> Tensor
}

extension FunctionObjective {
    public var outputCount: Int { parameters.count }

    /// The parameters themselves.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs { ObjectiveOutputs(inputs.parameters) }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { loss(outputs) }

    /// Nobody knows: Gauss-Newton products are not to be had of it, products with the Hessian are.
    public var isLossConvex: Bool { false }
}
