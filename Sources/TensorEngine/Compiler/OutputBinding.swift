/// Where outputs lie.
extension Lowering {
    /// Gives each output its memory: the value's own storage where that is possible, else a copy at the end.
    ///
    /// An output that updates an input overwrites it. Then nothing may read the input later.
    mutating func bindOutputs() {
        var inputs: [Int: NodeID] = [:]
        for (id, node) in graph.nodes.enumerated() {
            if case .input(let index) = node.operation { inputs[index] = id }
        }
        var sources = graph.outputs.map { source($0) }
        let overwritten = graph.updating.compactMapValues { inputs[$0] }
        for index in sources.indices {
            // What another output overwrites is saved first, and so is what the output itself moves to other places.
            guard case .value(let reference) = sources[index],
                overwritten.contains(where: {
                    $0.value == reference.base && ($0.key != index || !reference.isContiguous || reference.offset != 0)
                })
            else { continue }
            let saved = Reference(base: temporary(reference.shape), shape: reference.shape)
            emitCopy(sources[index], to: saved, of: saved.base, zeroesFirst: false)
            sources[index] = .value(saved)
        }
        for index in sources.indices {
            guard case .value(let reference) = sources[index], isWhole(reference),
                overwritten[index].map({ mayOverwrite($0, reference.base) }) ?? true
            else { continue }
            stored.insert(reference.base)
            outputBases[reference.base] = index
            if graph.updating[index] != nil { updatingBases.insert(reference.base) }
        }
        for (index, source) in sources.enumerated() where !outputBases.values.contains(index) {
            let shape = graph.nodes[graph.outputs[index]].shape
            let result = Reference(base: temporary(shape), shape: shape)
            emitCopy(source, to: result, of: result.base, zeroesFirst: false)
            outputBases[result.base] = index
        }
    }

    /// Whether a value is made here, lies in memory in order, and belongs to no other value or output.
    private func isWhole(_ reference: Reference) -> Bool {
        let base = reference.base
        return producer[base]! >= 0 && placements[base] == nil && outputBases[base] == nil && reference.isContiguous
            && reference.offset == 0 && counts[base] == reference.shape.count
    }

    /// Whether a value can be written to the memory of an input: one kernel writes it, and nothing reads the input
    /// after the element at the same place has been written.
    private func mayOverwrite(_ input: NodeID, _ base: NodeID) -> Bool {
        guard kernels.count(where: { $0.writes.contains(base) }) == 1,
            !kernels[(producer[base]! + 1)...].contains(where: { $0.reads.contains(input) })
        else { return false }
        let writer = kernels[producer[base]!]
        guard writer.reads.contains(input) else { return true }
        guard case .program(let nodes, _) = writer.code, let written = nodes.firstIndex(of: base) else { return false }
        for (position, id) in nodes.enumerated() {
            for operand in graph.nodes[id].operands {
                guard let reference = references[operand], reference.base == input else { continue }
                if position > written || !reference.isContiguous || reference.offset != 0 { return false }
            }
        }
        return true
    }
}
