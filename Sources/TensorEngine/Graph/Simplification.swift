import Foundation
import TensorKernels

/// Rewrites that keep gradients of gradients small.
///
/// Each gives a constant, or one of the node's own operands: never an operand's operand, since a derivative may be
/// asked by any tensor of a trace, and none may be stepped over. Only identities that hold for every finite operand
/// are used; a product with the constant 0 is taken to be 0.
extension Trace {
    /// An earlier node with the same value, or a simpler one that was appended instead. Nil to keep the node.
    func simplified(_ node: Node) -> NodeID? {
        switch node.operation {
        case .broadcast, .reshape, .windows:
            let operand = node.operands[0]
            if nodes[operand].shape == node.shape { return operand }
            return constantValue(operand).map { constant($0, shape: node.shape).id }
        case .transpose(let permutation):
            return permutation == Array(permutation.indices) ? node.operands[0] : nil
        case .slice, .pad, .sum, .maximum, .fold:
            let operand = node.operands[0]
            if nodes[operand].shape == node.shape { return operand }
            if case .constant(0) = nodes[operand].operation { return constant(0, shape: node.shape).id }
            return nil
        case .concatenate:
            return node.operands.count == 1 ? node.operands[0] : nil
        case .contraction:
            return node.operands.contains { constantValue($0) == 0 } ? constant(0, shape: node.shape).id : nil
        case .elementwise(let operation):
            return simplifiedElementwise(operation, node)
        case .input, .constant, .stopGradient:
            return nil
        }
    }

    private func simplifiedElementwise(_ operation: ElementwiseOperation, _ node: Node) -> NodeID? {
        let operands = node.operands
        let values = operands.map(constantValue)
        if let folded = Self.folded(operation, values) { return constant(folded, shape: node.shape).id }
        switch operation {
        case .add:
            if values[0] == 0 { return operands[1] }
            if values[1] == 0 { return operands[0] }
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
        case .select:
            if operands[1] == operands[2] { return operands[1] }
        default:
            break
        }
        return nil
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
