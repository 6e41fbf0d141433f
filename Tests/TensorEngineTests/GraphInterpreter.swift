import Foundation
import TensorKernels

@testable import TensorEngine

/// Computes a graph node by node, element by element: slow, obvious, and with nothing of the compiler in it.
enum GraphInterpreter {
    static func run(_ graph: Graph, _ inputs: [[Double]]) -> [[Double]] {
        var values: [[Double]] = []
        for node in graph.nodes {
            values.append(value(node, node.operands.map { (graph.nodes[$0].shape, values[$0]) }, inputs))
        }
        return graph.outputs.map { values[$0] }
    }

    private static func value(_ node: Node, _ operands: [(shape: Shape, elements: [Double])], _ inputs: [[Double]])
        -> [Double]
    {
        func each(_ element: ([Int]) -> Double) -> [Double] {
            (0..<node.shape.count).map { element(index($0, node.shape)) }
        }
        func at(_ operand: Int, _ position: [Int]) -> Double {
            let strides = operands[operand].shape.contiguousStrides
            return operands[operand].elements[zip(position, strides).map { $0 * $1 }.reduce(0, +)]
        }
        switch node.operation {
        case .input(let index): return inputs[index]
        case .constant(let value): return [Double](repeating: value, count: node.shape.count)
        case .reshape, .stopGradient: return operands[0].elements
        case .elementwise(let operation):
            return (0..<node.shape.count).map { element in apply(operation, operands.map { $0.elements[element] }) }
        case .broadcast:
            return each { position in
                at(0, zip(position, operands[0].shape.sizes).map { $1 == 1 ? 0 : $0 })
            }
        case .transpose(let permutation):
            return each { position in
                var source = position
                for (axis, from) in permutation.enumerated() { source[from] = position[axis] }
                return at(0, source)
            }
        case .slice(let starts):
            return each { at(0, zip($0, starts).map { $0 + $1 }) }
        case .pad(let starts):
            return each { position in
                let source = zip(position, starts).map { $0 - $1 }
                let isInside = zip(source, operands[0].shape.sizes).allSatisfy { $0 >= 0 && $0 < $1 }
                return isInside ? at(0, source) : 0
            }
        case .concatenate(let axis):
            return each { position in
                var (source, operand) = (position, 0)
                while source[axis] >= operands[operand].shape[axis] {
                    source[axis] -= operands[operand].shape[axis]
                    operand += 1
                }
                return at(operand, source)
            }
        case .sum(let axes): return reduce(node.shape, operands[0], axes, 0) { $0 + $1 }
        case .maximum(let axes): return reduce(node.shape, operands[0], axes, -.infinity) { max($0, $1) }
        case .contraction(let stack, let depth):
            let shared = Shape(Array(operands[0].shape.sizes.suffix(depth)))
            let rows = operands[0].shape.rank - depth
            return each { position in
                let (row, column) = (Array(position[..<rows]), Array(position[rows...]))
                return (0..<shared.count).map { step in
                    let middle = index(step, shared)
                    return at(0, row + middle) * at(1, Array(row[..<stack]) + middle + column)
                }.reduce(0, +)
            }
        case .windows(let windows):
            return each { at(0, origin($0, windows)) }
        case .fold(let windows):
            var result = [Double](repeating: 0, count: node.shape.count)
            for (linear, element) in operands[0].elements.enumerated() {
                let target = origin(index(linear, operands[0].shape), windows)
                result[zip(target, node.shape.contiguousStrides).map { $0 * $1 }.reduce(0, +)] += element
            }
            return result
        }
    }

    /// Where the element at a position among windows comes from.
    private static func origin(_ position: [Int], _ windows: Windows) -> [Int] {
        let count = windows.sizes.count
        let sliding = (0..<count).map { position[1 + $0] * windows.strides[$0] + position[1 + count + $0] }
        return [position[0]] + sliding + [position.last!]
    }

    private static func index(_ linear: Int, _ shape: Shape) -> [Int] {
        var rest = linear
        return shape.contiguousStrides.map { stride in
            defer { rest %= max(stride, 1) }
            return rest / max(stride, 1)
        }
    }

    private static func reduce(
        _ shape: Shape, _ operand: (shape: Shape, elements: [Double]), _ axes: [Int], _ start: Double,
        _ combine: (Double, Double) -> Double
    ) -> [Double] {
        var result = [Double](repeating: start, count: shape.count)
        for (linear, element) in operand.elements.enumerated() {
            var position = index(linear, operand.shape)
            for axis in axes { position[axis] = 0 }
            let target = zip(position, shape.contiguousStrides).map { $0 * $1 }.reduce(0, +)
            result[target] = combine(result[target], element)
        }
        return result
    }

    private static func apply(_ operation: ElementwiseOperation, _ x: [Double]) -> Double {
        switch operation {
        case .negate: -x[0]
        case .absolute: abs(x[0])
        case .sign: x[0] == 0 ? 0 : (x[0] > 0 ? 1 : -1)
        case .exponential: exp(x[0])
        case .logarithm: log(x[0])
        case .tanh: Foundation.tanh(x[0])
        case .sigmoid: 1 / (1 + exp(-x[0]))
        case .squareRoot: x[0].squareRoot()
        case .sine: sin(x[0])
        case .cosine: cos(x[0])
        case .add: x[0] + x[1]
        case .subtract: x[0] - x[1]
        case .multiply: x[0] * x[1]
        case .divide: x[0] / x[1]
        case .maximum: max(x[0], x[1])
        case .minimum: min(x[0], x[1])
        case .greater: x[0] > x[1] ? 1 : 0
        case .equal: x[0] == x[1] ? 1 : 0
        case .select: x[0] != 0 ? x[1] : x[2]
        case .multiplyAdd: x[0] * x[1] + x[2]
        case .sigmoidSlope: x[0] * x[1] * (x[2] - x[2] * x[2])
        case .tanhSlope: x[0] * x[1] * (1 - x[2] * x[2])
        case .sigmoidMultiply: x[1] / (1 + exp(-x[0]))
        case .sigmoidMultiplyAdd: x[1] / (1 + exp(-x[0])) + x[2]
        }
    }
}
