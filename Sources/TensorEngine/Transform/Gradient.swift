/// Reverse-mode differentiation: the gradient of a scalar by some tensors of its trace.
///
/// The gradient is written in the same primitives into the same trace, so it can be differentiated again, to any
/// order. Cost: at most a small multiple of the operations between the tensors and the output.
///
/// - Parameters:
///   - output: a scalar.
///   - variables: any tensors of the trace, inputs or not.
/// - Returns: for each variable a tensor of its shape; zeros where the output doesn't depend on it.
public func gradient(of output: Tensor, withRespectTo variables: [Tensor]) -> [Tensor] {
    precondition(output.shape == .scalar, "the gradient of a tensor of shape \(output.shape); only scalars have one")
    return pullback(of: [output], cotangents: [output.filled(with: 1)], withRespectTo: variables)
}

/// The vector-Jacobian product: for each variable the sum over outputs of cotangent times derivative.
///
/// - Parameters:
///   - outputs: tensors of one trace.
///   - cotangents: one for each output, of its shape.
///   - variables: any tensors of the trace.
///   - independently: whether variables are taken to be independent of each other: what flows to one through another
///     isn't counted.
public func pullback(
    of outputs: [Tensor], cotangents: [Tensor], withRespectTo variables: [Tensor], independently: Bool = false
) -> [Tensor] {
    precondition(outputs.map(\.shape) == cotangents.map(\.shape), "cotangents must have the outputs' shapes")
    guard let trace = outputs.first?.trace, let last = outputs.map(\.id).max() else {
        return variables.map { $0.filled(with: 0) }
    }
    let depends = trace.dependence(on: variables, upTo: last)
    var adjoints: [NodeID: Tensor] = [:]
    for (output, cotangent) in zip(outputs, cotangents) where depends[output.id] {
        adjoints[output.id] = Trace.accumulated(adjoints[output.id], cotangent)
    }
    let kept = Set(variables.map(\.id))
    for id in stride(from: last, through: 0, by: -1) where depends[id] {
        guard let adjoint = adjoints[id], !(independently && kept.contains(id)) else { continue }
        let operands = trace.nodes[id].operands
        guard operands.contains(where: { depends[$0] }) else { continue }
        for (operand, cotangent) in zip(operands, trace.cotangents(of: id, adjoint)) where depends[operand] {
            adjoints[operand] = Trace.accumulated(adjoints[operand], cotangent)
        }
        if !kept.contains(id) { adjoints[id] = nil }
    }
    return variables.map { adjoints[$0.id] ?? $0.filled(with: 0) }
}

/// Forward-mode differentiation: the Jacobian-vector product of outputs along a tangent of some variables.
///
/// - Parameters:
///   - outputs: tensors of one trace.
///   - variables: any tensors of the trace.
///   - tangents: one for each variable, of its shape.
/// - Returns: for each output its derivative along the tangents, of its shape.
public func jacobianVectorProduct(
    of outputs: [Tensor], variables: [Tensor], tangents: [Tensor]
) -> [Tensor] {
    precondition(variables.map(\.shape) == tangents.map(\.shape), "tangents must have the variables' shapes")
    guard let trace = outputs.first?.trace, let last = outputs.map(\.id).max() else { return outputs }
    let depends = trace.dependence(on: variables, upTo: last)
    var known: [NodeID: Tensor] = [:]
    for (variable, tangent) in zip(variables, tangents) { known[variable.id] = tangent }
    for id in 0...last where depends[id] && known[id] == nil {
        known[id] = trace.tangent(of: id, operands: trace.nodes[id].operands.map { known[$0] })
    }
    return outputs.map { known[$0.id] ?? $0.filled(with: 0) }
}

extension Trace {
    /// Which of the nodes up to `last` are a variable or are computed from one.
    fileprivate func dependence(on variables: [Tensor], upTo last: NodeID) -> [Bool] {
        var depends = [Bool](repeating: false, count: last + 1)
        for variable in variables where variable.id <= last { depends[variable.id] = true }
        for id in 0...last where !depends[id] {
            depends[id] = nodes[id].operation != .stopGradient && nodes[id].operands.contains { depends[$0] }
        }
        return depends
    }
}
