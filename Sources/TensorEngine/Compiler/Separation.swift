/// Taking a graph apart after it was decided what is fused, so that the parts round as the whole does.
extension RewrittenGraph {
    /// See `Plan.separating`.
    func separating(input: Int) -> (common: RewrittenGraph, own: RewrittenGraph, handed: HandedValues)? {
        var isOwn = [Bool](repeating: false, count: nodes.count)
        for id in nodes.indices where needed[id] {
            isOwn[id] = nodes[id].operation == .input(input) || operands(of: id).contains { isOwn[$0] }
        }
        guard !outputs.dropFirst().contains(where: { isOwn[$0] }) else { return nil }
        // Views cost nothing and stay where they are read.
        let handedOn = nodesReached(from: [outputs[0]], of: nodes.count, operands: operands) {
            !isOwn[$0] && (products[$0] != nil || nodes[$0].operation.computes)
        }
        var own = self
        for (index, id) in handedOn.enumerated() {
            own.nodes[id] = Node(operation: .input(inputCount + index), operands: [], shape: nodes[id].shape)
            own.products[id] = nil
        }
        return (
            keeping(outputs.dropFirst() + handedOn, from: 1, inputCount: inputCount),
            own.keeping([outputs[0]], from: 0, inputCount: inputCount + handedOn.count),
            HandedValues(handedOn.map { nodes[$0].shape }, firstOutput: outputs.count, firstInput: inputCount)
        )
    }

    /// What a node reads when it is computed.
    func operands(of id: NodeID) -> [NodeID] {
        products[id].map { [$0.a, $0.b] + ($0.addend.map { [$0] } ?? []) } ?? nodes[id].operands
    }

    /// With other outputs, of which nothing but what they need is computed.
    ///
    /// - Parameter first: the slot of the first of them; those of the graph keep theirs.
    private func keeping(_ outputs: [NodeID], from first: Int, inputCount: Int) -> RewrittenGraph {
        var kept = self
        kept.outputs = outputs
        kept.firstOutput = first
        kept.updating = [:]
        for (output, input) in updating where outputs.indices.contains(output - first) {
            kept.updating[output - first] = input
        }
        kept.inputCount = inputCount
        var isRead = [Bool](repeating: false, count: nodes.count)
        for output in outputs { isRead[output] = true }
        for id in nodes.indices.reversed() {
            kept.needed[id] = isRead[id]
            if isRead[id] { for operand in operands(of: id) { isRead[operand] = true } }
        }
        return kept
    }

    /// The shapes of the inputs that are read.
    var inputShapes: [Shape?] {
        var shapes = [Shape?](repeating: nil, count: inputCount)
        for (id, node) in nodes.enumerated() where needed[id] {
            if case .input(let index) = node.operation { shapes[index] = node.shape }
        }
        return shapes
    }
}
