import Foundation
import TensorKernels

/// Rewrites that keep gradients of gradients small: each looks at one new node and the nodes it uses.
///
/// Only identities that hold for every finite operand are used; a product with the constant 0 is taken to be 0.
extension Trace {
    /// An earlier node with the same value, or a simpler one that was appended instead. Nil to keep the node.
    func simplified(_ node: Node) -> NodeID? {
        switch node.operation {
        case .broadcast, .reshape:
            return simplifiedView(node)
        case .transpose(let permutation):
            if permutation == Array(permutation.indices) { return node.operands[0] }
            guard case .transpose(let inner) = nodes[node.operands[0]].operation else { return nil }
            let source = tensor(nodes[node.operands[0]].operands[0])
            return source.transposed(permutation.map { inner[$0] }).id
        case .slice, .pad, .sum, .maximum:
            let operand = node.operands[0]
            if nodes[operand].shape == node.shape { return operand }
            if case .constant(0) = nodes[operand].operation { return constant(0, shape: node.shape).id }
            return nil
        case .concatenate:
            return node.operands.count == 1 ? node.operands[0] : nil
        case .matrixProduct:
            return node.operands.contains { constantValue($0) == 0 } ? constant(0, shape: node.shape).id : nil
        case .elementwise(let operation):
            return simplifiedElementwise(operation, node)
        case .input, .constant, .stopGradient:
            return nil
        }
    }

    private func simplifiedView(_ node: Node) -> NodeID? {
        let operand = node.operands[0]
        let source = nodes[operand]
        if source.shape == node.shape { return operand }
        if case .constant(let value) = source.operation { return constant(value, shape: node.shape).id }
        guard source.operation == node.operation else { return nil }
        return append(node.operation, [tensor(source.operands[0])], node.shape).id
    }

    private func simplifiedElementwise(_ operation: ElementwiseOperation, _ node: Node) -> NodeID? {
        let operands = node.operands
        let values = operands.map(constantValue)
        if let folded = Self.folded(operation, values) { return constant(folded, shape: node.shape).id }
        switch operation {
        case .add:
            if values[0] == 0 { return operands[1] }
            if values[1] == 0 { return operands[0] }
            return joinedPads(operands[0], operands[1], node.shape) ?? joinedPads(operands[1], operands[0], node.shape)
        case .subtract:
            if values[1] == 0 { return operands[0] }
            if values[0] == 0 { return (-tensor(operands[1])).id }
        case .multiply:
            if values[0] == 0 || values[1] == 0 { return constant(0, shape: node.shape).id }
            if values[0] == 1 { return operands[1] }
            if values[1] == 1 { return operands[0] }
            if values[0] == -1 { return (-tensor(operands[1])).id }
            if values[1] == -1 { return (-tensor(operands[0])).id }
        case .divide:
            if values[1] == 1 { return operands[0] }
            if values[0] == 0 { return operands[0] }
        case .negate:
            if case .elementwise(.negate) = nodes[operands[0]].operation { return nodes[operands[0]].operands[0] }
        case .select:
            if operands[1] == operands[2] { return operands[1] }
        default:
            break
        }
        return nil
    }

    /// The sum of two zero-padded tensors that are neighbours along one axis is their padded concatenation. It turns
    /// the gradient of a tensor that was cut into slices back into one tensor, without adding zeros.
    private func joinedPads(_ first: NodeID, _ second: NodeID, _ shape: Shape) -> NodeID? {
        guard case .pad(let starts) = nodes[first].operation, case .pad(let otherStarts) = nodes[second].operation
        else { return nil }
        let (a, b) = (tensor(nodes[first].operands[0]), tensor(nodes[second].operands[0]))
        let differing = starts.indices.filter { starts[$0] != otherStarts[$0] || a.shape[$0] != b.shape[$0] }
        guard let axis = differing.first, differing.count == 1, starts[axis] + a.shape[axis] == otherStarts[axis]
        else { return nil }
        let parts = concatenated(a, axis) + concatenated(b, axis)
        return Tensor.concatenating(parts, axis: axis).padded(starts: starts, shape: shape).id
    }

    /// The parts of a concatenation along an axis, or the tensor itself.
    private func concatenated(_ tensor: Tensor, _ axis: Int) -> [Tensor] {
        let node = nodes[tensor.id]
        return node.operation == .concatenate(axis: axis) ? node.operands.map(self.tensor) : [tensor]
    }

    /// The value of an operation on constants. Only those that round the same everywhere are computed here.
    private static func folded(_ operation: ElementwiseOperation, _ values: [Double?]) -> Double? {
        let known = values.compactMap { $0 }
        guard known.count == values.count else { return nil }
        switch operation {
        case .negate: return -known[0]
        case .absolute: return abs(known[0])
        case .add: return known[0] + known[1]
        case .subtract: return known[0] - known[1]
        case .multiply: return known[0] * known[1]
        case .divide: return known[0] / known[1]
        case .greater: return known[0] > known[1] ? 1 : 0
        case .equal: return known[0] == known[1] ? 1 : 0
        default: return nil
        }
    }
}
