/// Where the parts of a concatenation are written.
extension Lowering {
    mutating func lowerConcatenation(_ id: NodeID, _ node: Node, axis: Int) {
        if canReadInParts(id, node, axis: axis) {
            readInParts[id] = node.operands
            return
        }
        let whole = Reference(base: id, shape: node.shape, inOrder: orderForReader(id))
        references[id] = whole
        var start = 0
        var complete = -1
        for operand in node.operands {
            let shape = graph.nodes[operand].shape
            var starts = [Int](repeating: 0, count: node.shape.rank)
            starts[axis] = start
            start += shape[axis]
            let destination = whole.sliced(starts: starts, shape: shape)
            if let reference = references[operand], canPlace(reference, at: destination) {
                placements[reference.base] = (id, destination.offset)
                hosts.insert(id)
                stored.insert(reference.base)
                complete = max(complete, producer[reference.base]!)
            } else if let reference = references[operand],
                canScatter(reference, read: operand, by: id, to: destination)
            {
                scattered[reference.base] = destination
                hosts.insert(id)
                stored.insert(id)
                kernels[producer[reference.base]!].writes.append(id)
                complete = max(complete, producer[reference.base]!)
            } else {
                emitCopy(source(operand), to: destination, of: id, zeroesFirst: false)
                complete = kernels.count - 1
            }
        }
        producer[id] = complete
    }

    /// Whether a product had better read the parts of a concatenation of rows where they lie: one of them, an input,
    /// would have to be copied.
    private func canReadInParts(_ id: NodeID, _ node: Node, axis: Int) -> Bool {
        guard axis == 0, node.shape.rank == 2, let readers = readers[id],
            readers.allSatisfy({ graph.products[$0]?.readsRows(of: id) ?? false })
        else { return false }
        let parts = node.operands.compactMap { references[$0] }
        return parts.allSatisfy(\.isContiguous) && parts.contains { producer[$0.base] == -1 }
    }

    /// The order in which the dimensions of a concatenation lie in memory, outermost first: that of what tiles make up,
    /// where nothing but their fold reads it, which then is a view of it.
    private func orderForReader(_ id: NodeID) -> [Int] {
        if let reader = soleReader(id), case .fold(let windows) = graph.nodes[reader].operation,
            windows.tiles(graph.nodes[reader].shape)
        {
            return windows.tileOrder
        }
        return Array(graph.nodes[id].shape.sizes.indices)
    }

    /// Whether a kernel can write its result straight into its part of a concatenation.
    private func canPlace(_ reference: Reference, at destination: Reference) -> Bool {
        destination.isContiguous && isWholeResult(reference)
    }

    /// Whether a program can write the rows of a result where they belong: nothing else reads it.
    private func canScatter(
        _ reference: Reference, read operand: NodeID, by id: NodeID, to destination: Reference
    ) -> Bool {
        let base = reference.base
        return isWholeResult(reference) && isElementwise(base) && destination.pattern.strides.last == 1
            && soleReader(operand) == id && isReadThroughViews(base, as: operand)
    }

    private func isWholeResult(_ reference: Reference) -> Bool {
        let base = reference.base
        return reference.isContiguous && reference.offset == 0 && placements[base] == nil && scattered[base] == nil
            && producer[base]! >= 0 && counts[base] == reference.shape.count
    }

    /// Whether views that lead from one node to another are all that reads what lies between.
    private func isReadThroughViews(_ base: NodeID, as operand: NodeID) -> Bool {
        var current = base
        while current != operand {
            guard let reader = soleReader(current) else { return false }
            current = reader
        }
        return true
    }
}
