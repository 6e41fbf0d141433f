import TensorKernels

/// Turns a graph into kernels in the order in which they run.
///
/// Elementwise nodes are fused greedily: a node joins the latest kernel that has as many elements, comes no earlier
/// than its operands, and either is the last one or works on one of them. Because kernels run in the order in which
/// they were opened, no cycle can arise.
struct Lowering {
    var graph: RewrittenGraph
    var kernels: [Kernel] = []
    /// Where each value's elements are found; nil for constants and for nodes not lowered.
    var references: [Reference?]
    /// The kernel after which a base value is complete; -1 for inputs.
    var producer: [NodeID: Int] = [:]
    /// Base values of elementwise nodes that another kernel reads, so that they need memory.
    var stored: Set<NodeID> = []
    /// Base values that are written straight into a part of another one's storage.
    var placements: [NodeID: (base: NodeID, offset: Int)] = [:]
    /// Elementwise nodes whose results a program writes to a strided part of another value's storage.
    var scattered: [NodeID: Reference] = [:]
    /// Concatenations that are never put together, for the product that reads them reads their parts, these nodes.
    var readInParts: [NodeID: [NodeID]] = [:]
    /// The values that have others placed into them.
    var hosts: Set<NodeID> = []
    /// How many elements each base value has.
    private(set) var counts: [NodeID: Int] = [:]
    /// Base values whose storage is the memory of an output.
    var outputBases: [NodeID: Int] = [:]
    /// Those of them that overwrite an input.
    var updatingBases: Set<NodeID> = []
    /// The nodes that read each node; nil where an output does too.
    let readers: [[NodeID]?]
    private var nextTemporary: NodeID
    /// Base values that hold one constant again and again; they are never written.
    private(set) var constants: [Double: NodeID] = [:]

    /// How many kernels back a node may join. A backward pass must not drag its work into the forward pass, where
    /// its results would have to be kept.
    private static let fusionWindow = 6
    private static let longestProgram = 96

    init(_ graph: RewrittenGraph) {
        self.graph = graph
        references = [Reference?](repeating: nil, count: graph.nodes.count)
        readers = graph.readers
        nextTemporary = graph.nodes.count
        for id in graph.nodes.indices where graph.needed[id] {
            counts[id] = graph.nodes[id].shape.count
            lower(id)
        }
        bindOutputs()
    }

    private mutating func lower(_ id: NodeID) {
        let node = graph.nodes[id]
        if let product = graph.products[id] {
            references[id] = lowerProduct(id, product)
            return
        }
        switch node.operation {
        case .input:
            references[id] = Reference(base: id, shape: node.shape)
            producer[id] = -1
        case .constant:
            break
        case .elementwise:
            lowerElementwise(id, node)
        case .broadcast, .reshape, .transpose, .slice, .stopGradient, .windows:
            references[id] = view(node)
        case .pad(let starts):
            let destination = Reference(base: id, shape: node.shape).sliced(
                starts: starts, shape: graph.nodes[node.operands[0]].shape)
            references[id] = Reference(base: id, shape: node.shape)
            emitCopy(source(node.operands[0]), to: destination, of: id, zeroesFirst: true)
        case .concatenate(let axis):
            lowerConcatenation(id, node, axis: axis)
        case .sum(let axes):
            lowerReduction(id, node, axes: axes, isSum: true)
        case .maximum(let axes):
            lowerReduction(id, node, axes: axes, isSum: false)
        case .contraction:
            preconditionFailure("a contraction was not found by the rewriting")
        case .fold(let windows):
            references[id] = fold(id, node, windows)
        }
    }

    private mutating func lowerElementwise(_ id: NodeID, _ node: Node) {
        let count = node.shape.count
        var earliest = -1
        for operand in node.operands {
            guard let reference = references[operand] else { continue }
            let made = producer[reference.base]!
            let joins = reference.offset == 0 && reference.isContiguous && reference.shape.count == count
            earliest = max(earliest, joins && isProgram(made, count) && isElementwise(reference.base) ? made : made + 1)
        }
        let window = max(earliest, kernels.count - Self.fusionWindow, 0)
        let joined = (window..<max(window, kernels.count)).last {
            isProgram($0, count) && ($0 == kernels.count - 1 || sharesOperand($0, node))
        }
        let index = joined ?? kernels.count
        if joined == nil { kernels.append(Kernel(code: .program(nodes: [], count: count), writes: [])) }
        for operand in node.operands {
            guard let base = references[operand]?.base, producer[base] != index else { continue }
            stored.insert(base)
            kernels[index].reads.insert(base)
        }
        guard case .program(let nodes, _) = kernels[index].code else { return }
        kernels[index].code = .program(nodes: nodes + [id], count: count)
        kernels[index].writes.append(id)
        references[id] = Reference(base: id, shape: node.shape)
        producer[id] = index
    }

    /// Whether a kernel makes or reads an operand of a node, so that something is saved if the node joins it.
    private func sharesOperand(_ index: Int, _ node: Node) -> Bool {
        node.operands.contains {
            guard let base = references[$0]?.base else { return false }
            return producer[base] == index || kernels[index].reads.contains(base)
        }
    }

    private func isProgram(_ index: Int, _ count: Int) -> Bool {
        guard index >= 0, index < kernels.count, case .program(let nodes, count) = kernels[index].code else {
            return false
        }
        return nodes.count < Self.longestProgram
    }

    /// The only node that reads a node; nil where there are several, or an output is read.
    func soleReader(_ id: NodeID) -> NodeID? {
        guard let readers = readers[id], readers.count == 1 else { return nil }
        return readers[0]
    }

    func isElementwise(_ base: NodeID) -> Bool {
        guard base < graph.nodes.count, graph.products[base] == nil else { return false }
        if case .elementwise = graph.nodes[base].operation { return true }
        return false
    }

    private mutating func view(_ node: Node) -> Reference? {
        let operand = node.operands[0]
        // A slice or transposition of a constant is the constant again, and so needs no storage.
        guard let reference = references[operand] else { return materialized(operand, shape: node.shape) }
        switch node.operation {
        case .broadcast: return reference.broadcast(to: node.shape)
        case .transpose(let permutation): return reference.transposed(permutation)
        case .slice(let starts): return reference.sliced(starts: starts, shape: node.shape)
        case .windows(let windows): return reference.windows(windows)
        case .reshape:
            return reference.reshaped(node.shape) ?? contiguous(reference).reshaped(node.shape)
        default: return reference
        }
    }

    private mutating func lowerReduction(_ id: NodeID, _ node: Node, axes: [Int], isSum: Bool) {
        var operand = contiguous(anyReference(node.operands[0]))
        var remaining = axes.filter { operand.shape[$0] != 1 }
        while let last = remaining.last {
            // Neighbouring axes are reduced together.
            var first = last
            remaining.removeLast()
            while remaining.last == first - 1 { first = remaining.removeLast() }
            let sizes = operand.shape.sizes
            let shape = operand.shape.reducing(Array(first...last))
            let result = remaining.isEmpty ? id : temporary(shape)
            emit(
                .reduction(
                    isSum: isSum, operand: operand, outer: sizes[..<first].reduce(1, *),
                    reduced: sizes[first...last].reduce(1, *), inner: sizes[(last + 1)...].reduce(1, *)),
                writing: result, reading: [operand])
            operand = Reference(base: result, shape: shape)
        }
        references[id] = operand
    }

    func source(_ id: NodeID) -> Kernel.Source {
        if let reference = references[id] { return .value(reference) }
        guard case .constant(let value) = graph.nodes[id].operation else {
            preconditionFailure("a value was not lowered")
        }
        return .constant(value)
    }

    /// A reference to any value. A constant lies in memory too: a short one always, a long one is written first.
    mutating func anyReference(_ id: NodeID) -> Reference {
        references[id] ?? materialized(id, shape: graph.nodes[id].shape)
    }

    private mutating func materialized(_ id: NodeID, shape: Shape) -> Reference {
        guard case .constant(let value) = graph.nodes[id].operation else {
            preconditionFailure("a value was not lowered")
        }
        if shape.count <= ElementTile.longest {
            let base = constants[value] ?? temporary([ElementTile.longest])
            constants[value] = base
            producer[base] = -1
            return Reference(base: base, shape: shape)
        }
        let result = Reference(base: temporary(shape), shape: shape)
        emitCopy(source(id), to: result, of: result.base, zeroesFirst: false)
        return result
    }

    /// The same elements without gaps, copied if need be.
    mutating func contiguous(_ reference: Reference) -> Reference {
        guard !reference.isContiguous else { return reference }
        let result = Reference(base: temporary(reference.shape), shape: reference.shape)
        emitCopy(.value(reference), to: result, of: result.base, zeroesFirst: false)
        return result
    }

    mutating func temporary(_ shape: Shape) -> NodeID {
        defer { nextTemporary += 1 }
        counts[nextTemporary] = shape.count
        return nextTemporary
    }

    mutating func emitCopy(
        _ source: Kernel.Source, to destination: Reference, of base: NodeID, zeroesFirst: Bool
    ) {
        var read: [Reference] = []
        if case .value(let reference) = source { read = [reference] }
        emit(.copy(source: source, destination: destination, zeroesFirst: zeroesFirst), writing: base, reading: read)
    }

    mutating func emit(_ code: Kernel.Code, writing base: NodeID, reading references: [Reference]) {
        for reference in references { stored.insert(reference.base) }
        kernels.append(Kernel(code: code, writes: [base], reads: Set(references.map(\.base))))
        producer[base] = kernels.count - 1
    }
}
