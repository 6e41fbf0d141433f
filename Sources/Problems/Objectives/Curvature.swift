import TensorEngine

/// Products with the matrices of second derivatives of an objective, traced; the matrices themselves are never made.
///
/// Cost: a product with the Hessian is that of about two gradients more than the gradient, one with the Gauss-Newton
/// matrix that of about two gradients, the outputs included; several products at one point share the outputs.
public struct Curvature {
    private let objective: any Objective
    private let inputs: ObjectiveInputs
    private let outputs: [Tensor]

    /// - Parameter inputs: where it is taken.
    public init(_ objective: any Objective, _ inputs: ObjectiveInputs) {
        self.objective = objective
        self.inputs = inputs
        outputs = objective.evaluate(inputs).outputs
    }

    /// H v, with H the Hessian of the loss by the parameters: the derivative of the gradient along v (Pearlmutter 1994).
    ///
    /// - Parameter vector: tensors of the parameters' shapes; so is the product.
    public func hessianProduct(_ vector: [Tensor]) -> [Tensor] {
        let loss = objective.loss(outputs, batch: inputs.batch)
        let gradients = gradient(of: loss, withRespectTo: inputs.parameters)
        return jacobianVectorProduct(of: gradients, variables: inputs.parameters, tangents: vector)
    }

    /// G v, with G = Jᵀ H J, J the derivative of the outputs by the parameters, and H the loss's Hessian by the outputs
    /// (Schraudolph 2002; Martens 2010, section 4.2). G is positive where the loss is convex in the outputs.
    ///
    /// - Parameter vector: tensors of the parameters' shapes; so is the product.
    public func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor] {
        let along = jacobianVectorProduct(of: outputs, variables: inputs.parameters, tangents: vector)
        // As variables of their own: what outputs have to do with each other by the parameters is J's part.
        let loss = objective.loss(outputs, batch: inputs.batch)
        let slopes = pullback(
            of: [loss], cotangents: [loss.filled(with: 1)], withRespectTo: outputs, independently: true)
        let bent = jacobianVectorProduct(of: slopes, variables: outputs, tangents: along)
        return pullback(of: outputs, cotangents: bent, withRespectTo: inputs.parameters)
    }
}
