import TensorKernels

/// The derivative of every primitive, stated once: forward, as the tangent of a result, and backward, as the
/// cotangents of its operands. Elementwise operations share their partial derivatives between the two.
extension Trace {
    /// The partial derivatives of an elementwise result by each operand. Nil where the derivative is 0 everywhere.
    private func partials(_ operation: ElementwiseOperation, _ node: Node, result: Tensor) -> [Tensor?] {
        let operands = node.operands.map(tensor)
        let (a, b) = (operands[0], operands.count > 1 ? operands[1] : operands[0])
        switch operation {
        case .negate: return [a.filled(with: -1)]
        case .absolute: return [a.sign()]
        case .sign: return [nil]
        case .exponential: return [result]
        case .logarithm: return [1 / a]
        case .tanh: return [1 - result * result]
        case .sigmoid: return [result - result * result]
        // 0 at 0, as |x| has it, which is √x²: of a coordinate that never had a gradient, Adam takes the root of 0, and
        // infinity times the 0 that flows there would be NaN.
        case .squareRoot:
            let isZero = result.isEqual(to: result.filled(with: 0))
            return [(0.5 - 0.5 * isZero) / (result + isZero)]
        case .sine: return [a.cosine()]
        case .cosine: return [-a.sine()]
        case .add: return [a.filled(with: 1), a.filled(with: 1)]
        case .subtract: return [a.filled(with: 1), a.filled(with: -1)]
        case .multiply: return [b, a]
        case .divide: return [1 / b, -(result / b)]
        // Told by the result, so that no operand need be kept beside it.
        case .maximum:
            let mask = result.isGreater(than: b)
            return [mask, 1 - mask]
        case .minimum:
            let mask = b.isGreater(than: result)
            return [mask, 1 - mask]
        case .greater, .equal: return [nil, nil]
        case .select:
            let mask = a.isEqual(to: a.filled(with: 0))
            return [nil, 1 - mask, mask]
        case .multiplyAdd: return [b, a, a.filled(with: 1)]
        case .sigmoidSlope:
            let c = operands[2]
            return [b * (c - c * c), a * (c - c * c), a * b * (1 - 2 * c)]
        case .tanhSlope:
            let c = operands[2]
            return [b * (1 - c * c), a * (1 - c * c), -2 * a * b * c]
        case .sigmoidMultiply, .sigmoidMultiplyAdd:
            let gate = a.sigmoid()
            return [b * (gate - gate * gate), gate] + operands.dropFirst(2).map { $0.filled(with: 1) }
        }
    }

    /// 1 over the number of largest elements where an element is one of them, else 0.
    private func maximumShare(_ operand: Tensor, _ result: Tensor, axes: [Int]) -> Tensor {
        let mask = operand.isEqual(to: result.broadcast(to: operand.shape))
        return mask / mask.sum(axes: axes)
    }

    /// The tangent of node `id`, given those of its operands (nil: 0).
    func tangent(of id: NodeID, operands tangents: [Tensor?]) -> Tensor? {
        let node = nodes[id]
        switch node.operation {
        case .input, .constant, .stopGradient:
            return nil
        case .elementwise(let operation):
            var total: Tensor?
            for (partial, tangent) in zip(partials(operation, node, result: tensor(id)), tangents) {
                guard let partial, let tangent else { continue }
                total = Self.sum(total, partial * tangent)
            }
            return total
        case .contraction(let stack, let depth):
            let (a, b) = (tensor(node.operands[0]), tensor(node.operands[1]))
            return Self.sum(
                tangents[0].map { $0.contraction(b, depth: depth, stack: stack) },
                tangents[1].map { a.contraction($0, depth: depth, stack: stack) })
        case .maximum(let axes):
            return tangents[0].map {
                ($0 * maximumShare(tensor(node.operands[0]), tensor(id), axes: axes)).sum(axes: axes)
            }
        case .broadcast, .reshape, .transpose, .slice, .pad, .sum, .concatenate, .windows, .fold:
            guard tangents.contains(where: { $0 != nil }) else { return nil }
            let operands = zip(node.operands, tangents).map { $1 ?? tensor($0).filled(with: 0) }
            return append(node.operation, operands, node.shape)
        }
    }

    /// The cotangents of a node's operands, given its own. Nil where no derivative flows.
    func cotangents(of id: NodeID, _ cotangent: Tensor) -> [Tensor?] {
        let node = nodes[id]
        let operands = node.operands.map(tensor)
        switch node.operation {
        case .input, .constant, .stopGradient:
            return operands.map { _ in nil }
        case .elementwise(let operation):
            return partials(operation, node, result: tensor(id)).map { $0.map { cotangent * $0 } }
        case .broadcast:
            let axes = (0..<node.shape.rank).filter { operands[0].shape[$0] != node.shape[$0] }
            return [cotangent.sum(axes: axes)]
        case .reshape:
            return [cotangent.reshaped(operands[0].shape)]
        case .transpose(let permutation):
            var inverse = permutation
            for (axis, source) in permutation.enumerated() { inverse[source] = axis }
            return [cotangent.transposed(inverse)]
        case .slice(let starts):
            return [cotangent.padded(starts: starts, shape: operands[0].shape)]
        case .pad(let starts):
            return [cotangent.sliced(starts: starts, shape: operands[0].shape)]
        case .concatenate(let axis):
            var start = 0
            return operands.map { operand in
                defer { start += operand.shape[axis] }
                return cotangent.sliced(start..<start + operand.shape[axis], axis: axis)
            }
        case .sum:
            return [cotangent.broadcast(to: operands[0].shape)]
        case .maximum(let axes):
            return [cotangent * maximumShare(operands[0], tensor(id), axes: axes)]
        case .contraction(let stack, let depth):
            let (a, b) = (operands[0], operands[1])
            let rows = a.shape.rank - stack - depth
            let columns = b.shape.rank - stack - depth
            return [
                cotangent.contraction(b.rotated(from: stack, by: depth), depth: columns, stack: stack),
                a.rotated(from: stack, by: rows).contraction(cotangent, depth: rows, stack: stack),
            ]
        case .windows(let windows):
            return [cotangent.folded(windows, to: operands[0].shape)]
        case .fold(let windows):
            return [cotangent.windows(windows)]
        }
    }

    static func sum(_ first: Tensor?, _ second: Tensor?) -> Tensor? {
        guard let first else { return second }
        guard let second else { return first }
        return first + second
    }
}
