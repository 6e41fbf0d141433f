extension Trace {
    /// The tensors made of nothing but some inputs that the rest of a computation reads: all of these inputs that it
    /// gets to know. Broadcasts count to the rest, so that the tensors stay small, and so does a last transposition,
    /// which costs the rest nothing and leaves the compiler the choice of how derivatives are summed up.
    ///
    /// - Parameters:
    ///   - inputs: inputs of this trace.
    ///   - outputs: of the computation.
    /// - Returns: the tensors in the order in which they were traced, each once.
    public func frontier(of inputs: [Tensor], before outputs: [Tensor]) -> [Tensor] {
        // Of each node: whether it is one of the inputs or made of some, and whether it is made of anything else.
        var isMadeOfInputs = [Bool](repeating: false, count: nodes.count)
        var isMadeOfOthers = isMadeOfInputs
        for input in inputs { isMadeOfInputs[input.id] = true }
        for (id, node) in nodes.enumerated() where !isMadeOfInputs[id] {
            isMadeOfInputs[id] = node.operands.contains { isMadeOfInputs[$0] }
            switch node.operation {
            case .input, .broadcast: isMadeOfOthers[id] = true
            default: isMadeOfOthers[id] = node.operands.contains { isMadeOfOthers[$0] }
            }
        }
        let read = nodesReached(from: outputs.map(\.id), of: nodes.count, operands: { nodes[$0].operands }) {
            isMadeOfInputs[$0] && !isMadeOfOthers[$0]
        }
        return Set(read.map(beforeTransposition)).sorted().map(tensor)
    }

    private func beforeTransposition(_ id: NodeID) -> NodeID {
        guard case .transpose = nodes[id].operation else { return id }
        return nodes[id].operands[0]
    }
}
