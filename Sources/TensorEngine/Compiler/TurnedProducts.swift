import TensorKernels

/// Matrix products of which only the transpose is read, alone or in a sum: bᵀ · aᵀ is that transpose, element by
/// element the same chain of multiply-adds, and often fits vectors better.
///
/// The gradient of weights that are read transposed is such a sum: 80 gates by 41 inputs waste 7 of 48 lanes, 41 by 80
/// none.
extension Graph {
    /// The same graph with such products made the other way round where that computes fewer vectors.
    func turningProducts() -> Graph {
        let isTurned = turnedNodes()
        guard isTurned.contains(true) else { return self }
        var turned: [Node] = []
        var renumbered: [NodeID] = []
        func append(_ node: Node) -> NodeID {
            turned.append(node)
            return turned.count - 1
        }
        func transposed(_ id: NodeID) -> NodeID {
            if turned[id].operation == Self.transposition { return turned[id].operands[0] }
            return append(
                Node(operation: Self.transposition, operands: [id], shape: Self.transposed(turned[id].shape)))
        }
        for (id, node) in nodes.enumerated() {
            let operands = node.operands.map { renumbered[$0] }
            if node.operation == Self.transposition, isTurned[node.operands[0]] {
                renumbered.append(operands[0])
            } else if isTurned[id] {
                var changed = operands
                if case .contraction = node.operation { changed = operands.reversed().map(transposed) }
                renumbered.append(
                    append(Node(operation: node.operation, operands: changed, shape: Self.transposed(node.shape))))
            } else {
                renumbered.append(append(Node(operation: node.operation, operands: operands, shape: node.shape)))
            }
        }
        return Graph(
            keeping: outputs.map { renumbered[$0] }, updating: updating, of: turned, inputCount: inputShapes.count)
    }

    private static let transposition = Operation.transpose([1, 0])

    private static func transposed(_ shape: Shape) -> Shape { Shape(shape.sizes.reversed()) }

    private func turnedNodes() -> [Bool] {
        let uses = useCounts
        var canTurn = [Bool](repeating: false, count: nodes.count)
        for (id, node) in nodes.enumerated() where uses[id] == 1 {
            switch node.operation {
            case .contraction(stack: 0, depth: 1):
                canTurn[id] = node.operands.allSatisfy { nodes[$0].shape.rank == 2 }
            case .elementwise(.add):
                canTurn[id] = node.operands.allSatisfy { canTurn[$0] }
            default: break
            }
        }
        var isTurned = [Bool](repeating: false, count: nodes.count)
        for (id, node) in nodes.enumerated().reversed() {
            if node.operation == Self.transposition {
                let operand = node.operands[0]
                isTurned[operand] = canTurn[operand] && Self.isBetter(node.shape, than: nodes[operand].shape)
            } else if isTurned[id], node.operation == .elementwise(.add) {
                for operand in node.operands { isTurned[operand] = true }
            }
        }
        return isTurned
    }

    /// Whether a product of one shape takes an eighth fewer elements than one of another, with rows filled up to whole
    /// vectors. The second operand of a turned product may have to be transposed, so less isn't worth it.
    private static func isBetter(_ shape: Shape, than other: Shape) -> Bool {
        func elements(_ shape: Shape) -> Int { shape[0] * ((shape[1] + 7) / 8 * 8) }
        return elements(shape) * 8 <= elements(other) * 7
    }
}
