extension Graph {
    /// Takes the work that depends on nothing but some of the inputs out of a graph that runs many times with the same
    /// values of these.
    ///
    /// - Parameter inputs: the inputs that stay the same.
    /// - Returns: `shared` computes from them all values that are handed on; `rest` computes the outputs from these,
    ///   which are further inputs behind the graph's, and the other inputs.
    public func hoisting(_ inputs: [InputSlot]) -> (shared: Graph, rest: Graph, handed: HandedValues) {
        let inputs = Set(inputs.map(\.index))
        var isShared = [Bool](repeating: false, count: nodes.count)
        for (id, node) in nodes.enumerated() {
            switch node.operation {
            case .input(let index): isShared[id] = inputs.contains(index)
            case .constant: isShared[id] = true
            default: isShared[id] = node.operands.allSatisfy { isShared[$0] }
            }
        }
        // Views cost nothing and stay where they are read.
        let results = nodesReached(from: outputs, of: nodes.count, operands: { nodes[$0].operands }) {
            isShared[$0] && nodes[$0].operation.computes
        }
        var changed = nodes
        for (index, id) in results.enumerated() {
            changed[id] = Node(operation: .input(inputShapes.count + index), operands: [], shape: nodes[id].shape)
        }
        return (
            Graph(keeping: results, of: nodes, inputCount: inputShapes.count),
            Graph(
                keeping: outputs, updating: updating, of: changed, inputCount: inputShapes.count + results.count),
            HandedValues(results.map { nodes[$0].shape }, firstOutput: 0, firstInput: inputShapes.count)
        )
    }
}

extension Operation {
    /// Whether it makes new elements, and not another view of its operand's.
    var computes: Bool {
        switch self {
        case .input, .constant, .broadcast, .reshape, .transpose, .slice, .windows, .stopGradient: false
        case .elementwise, .pad, .concatenate, .sum, .maximum, .contraction, .fold: true
        }
    }
}
