import TensorKernels

/// What a recurrent cell's gates let through is multiplied by a sigmoid that often nothing else reads. The sigmoid need
/// not be written then, nor read again.
extension RewrittenGraph {
    /// - Parameter uses: how often each node is used.
    mutating func fuseGates(_ uses: [Int]) {
        for id in nodes.indices where needed[id] {
            let operation: ElementwiseOperation
            switch nodes[id].operation {
            case .elementwise(.multiply): operation = .sigmoidMultiply
            case .elementwise(.multiplyAdd): operation = .sigmoidMultiplyAdd
            default: continue
            }
            let operands = nodes[id].operands
            for (gate, value) in [(operands[0], operands[1]), (operands[1], operands[0])]
            where nodes[gate].operation == .elementwise(.sigmoid) && uses[gate] == 1 && needed[gate] {
                needed[gate] = false
                let factors = [nodes[gate].operands[0], value]
                nodes[id] = Node(
                    operation: .elementwise(operation), operands: factors + operands.dropFirst(2),
                    shape: nodes[id].shape)
                break
            }
        }
    }
}
