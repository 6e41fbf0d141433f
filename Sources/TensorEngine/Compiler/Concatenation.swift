/// Where the parts of a concatenation are written.
extension Lowering {
    mutating func lowerConcatenation(_ id: NodeID, _ node: Node, axis: Int) {
        if canReadInParts(id, node, axis: axis) {
            readInParts[id] = node.operands
            return
        }
        let whole = home(of: id)
        references[id] = whole
        let base = whole.base
        var complete = producer[base] ?? -1
        for (operand, destination) in zip(node.operands, parts(of: node, axis: axis, in: whole)) {
            // A concatenation that has its home here is there already.
            if references[operand] == destination { continue }
            if let reference = references[operand], canPlace(reference, at: destination) {
                placements[reference.base] = (base, destination.offset)
                hosts.insert(base)
                stored.insert(reference.base)
                complete = max(complete, producer[reference.base]!)
            } else if let reference = references[operand],
                canScatter(reference, read: operand, by: id, to: destination)
            {
                scattered[reference.base] = destination
                hosts.insert(base)
                stored.insert(base)
                kernels[producer[reference.base]!].writes.append(base)
                complete = max(complete, producer[reference.base]!)
            } else {
                emitCopy(source(operand), to: destination, of: base, zeroesFirst: false)
                complete = kernels.count - 1
            }
        }
        producer[base] = complete
    }

    /// Where the operands of a concatenation lie in it.
    private func parts(of node: Node, axis: Int, in whole: Reference) -> [Reference] {
        var starts = [Int](repeating: 0, count: node.shape.rank)
        return node.operands.map { operand in
            defer { starts[axis] += graph.nodes[operand].shape[axis] }
            return whole.sliced(starts: starts, shape: graph.nodes[operand].shape)
        }
    }

    /// Where a concatenation lies: in the one that alone reads it, if its part there has gaps, so that it couldn't be
    /// placed there afterwards; else in storage of its own.
    private func home(of id: NodeID) -> Reference {
        if let reader = soleReader(id), case .concatenate(let axis) = graph.nodes[reader].operation {
            let node = graph.nodes[reader]
            let part = parts(of: node, axis: axis, in: home(of: reader))[node.operands.firstIndex(of: id)!]
            if !part.isContiguous { return part }
        }
        return Reference(base: id, shape: graph.nodes[id].shape, inOrder: orderForReader(id))
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
