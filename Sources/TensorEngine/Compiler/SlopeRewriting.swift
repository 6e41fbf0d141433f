import TensorKernels

/// Backward passes through gates multiply a cotangent by the slope of a sigmoid or a hyperbolic tangent, four or five
/// elementwise nodes each time. They become one.
extension RewrittenGraph {
    /// - Parameter uses: how often each node is used.
    mutating func fuseSlopes(_ uses: [Int]) {
        func isOwn(_ id: NodeID) -> Bool { uses[id] == 1 && needed[id] }
        for id in nodes.indices where nodes[id].operation == .elementwise(.multiply) {
            let operands = nodes[id].operands
            for (factor, slope) in [(operands[0], operands[1]), (operands[1], operands[0])] where isOwn(slope) {
                guard let (operation, value, square) = slopeOperation(slope), isOwn(square) else { continue }
                var factors = [factor, constant(1, shape: nodes[id].shape)]
                if nodes[factor].operation == .elementwise(.multiply), isOwn(factor) {
                    factors = nodes[factor].operands
                    needed[factor] = false
                }
                needed[slope] = false
                needed[square] = false
                nodes[id] = Node(
                    operation: .elementwise(operation), operands: factors + [value], shape: nodes[id].shape)
                break
            }
        }
    }

    /// Whether a node is 1 - c² or c - c², with its c and c².
    private func slopeOperation(
        _ id: NodeID
    ) -> (operation: ElementwiseOperation, value: NodeID, square: NodeID)? {
        guard nodes[id].operation == .elementwise(.subtract) else { return nil }
        let (minuend, square) = (nodes[id].operands[0], nodes[id].operands[1])
        guard nodes[square].operation == .elementwise(.multiply), nodes[square].operands[0] == nodes[square].operands[1]
        else { return nil }
        let value = nodes[square].operands[0]
        if minuend == value { return (.sigmoidSlope, value, square) }
        if nodes[minuend].operation == .constant(1) { return (.tanhSlope, value, square) }
        return nil
    }

    private mutating func constant(_ value: Double, shape: Shape) -> NodeID {
        nodes.append(Node(operation: .constant(value), operands: [], shape: shape))
        needed.append(true)
        return nodes.count - 1
    }
}
