import TensorKernels

/// A graph after the rewrites that need to know how often a value is used.
struct RewrittenGraph {
    var nodes: [Node]
    let outputs: [NodeID]
    let inputCount: Int
    /// Sums that are computed as a matrix product added to another value: sum → (product, addend).
    var accumulations: [NodeID: (product: NodeID, addend: NodeID)] = [:]
    /// Folds whose boxes come straight from a contraction, which is added into the folded value: fold → contraction.
    var foldedContractions: [NodeID: NodeID] = [:]
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

        func isOwn(_ operand: NodeID) -> Bool { uses[operand] == 1 && needed[operand] }
        func isOwnContraction(_ operand: NodeID) -> Bool {
            guard isOwn(operand), case .contraction = nodes[operand].operation else { return false }
            return true
        }
        func isOwnProduct(_ operand: NodeID) -> Bool {
            isOwn(operand) && nodes[operand].operation == .elementwise(.multiply)
        }
        for (id, node) in nodes.enumerated() {
            if case .fold = node.operation, isOwnContraction(node.operands[0]) {
                foldedContractions[id] = node.operands[0]
                needed[node.operands[0]] = false
            }
            guard node.operation == .elementwise(.add) else { continue }
            let (first, second) = (node.operands[0], node.operands[1])
            if isOwnContraction(second), first != second {
                accumulations[id] = (second, first)
                needed[second] = false
            } else if isOwnContraction(first), first != second {
                accumulations[id] = (first, second)
                needed[first] = false
            } else if isOwnProduct(first) {
                fuse(id, product: first, addend: second)
            } else if isOwnProduct(second) {
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
