import TensorKernels

/// A graph after the rewrites that need to know how often a value is used.
struct RewrittenGraph {
    var nodes: [Node]
    let outputs: [NodeID]
    let inputCount: Int
    /// Sums that are computed as a matrix product added to another value: sum → (product, addend).
    var accumulations: [NodeID: (product: NodeID, addend: NodeID)] = [:]
    /// Which nodes still have to be computed.
    var needed: [Bool]

    init(_ graph: Graph) {
        nodes = graph.nodes
        outputs = graph.outputs
        inputCount = graph.inputShapes.count
        needed = [Bool](repeating: true, count: nodes.count)
        var uses = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { uses[operand] += 1 } }
        for output in outputs { uses[output] += 1 }

        for (id, node) in nodes.enumerated() where node.operation == .elementwise(.add) {
            let (first, second) = (node.operands[0], node.operands[1])
            func isOwn(_ operand: NodeID, _ operation: Operation) -> Bool {
                uses[operand] == 1 && needed[operand] && nodes[operand].operation == operation
            }
            if isOwn(second, .matrixProduct), first != second {
                accumulations[id] = (second, first)
                needed[second] = false
            } else if isOwn(first, .matrixProduct), first != second {
                accumulations[id] = (first, second)
                needed[first] = false
            } else if isOwn(first, .elementwise(.multiply)) {
                fuse(id, product: first, addend: second)
            } else if isOwn(second, .elementwise(.multiply)) {
                fuse(id, product: second, addend: first)
            }
        }
    }

    private mutating func fuse(_ id: NodeID, product: NodeID, addend: NodeID) {
        nodes[id] = Node(
            operation: .elementwise(.multiplyAdd), operands: nodes[product].operands + [addend], shape: nodes[id].shape)
        needed[product] = false
    }
}
