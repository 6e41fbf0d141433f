/// Products summed over the dimensions that two values share, on their way to a kernel; see `Operation.contraction`.
struct Contraction {
    /// What the result holds before the products are added.
    enum Start {
        /// Nothing: the first products overwrite it.
        case nothing
        case zeros
        /// Another value of the result's shape.
        case addend(Reference)
    }

    var a: Reference
    var b: Reference
    /// `[stack…, rows…, columns…]`. Rows may overlap where the products are added to zeros.
    var result: Reference
    var stack: Int
    var depth: Int
    var start: Start
}

extension Lowering {
    /// The contraction of node `product` as the value of node `id`, which may have it added to another value.
    mutating func contraction(_ product: NodeID, of id: NodeID, addend: NodeID?) -> Reference {
        let result = Reference(base: id, shape: graph.nodes[product].shape)
        emitContraction(product, to: result, start: addend.map { .addend(anyReference($0)) } ?? .nothing)
        return result
    }

    /// A fold: a contraction that adds to the windows of its result, a view of windows that tile it, or a sum.
    mutating func fold(_ id: NodeID, _ node: Node, _ windows: Windows) -> Reference {
        let result = Reference(base: id, shape: node.shape)
        if let product = graph.foldedContractions[id] {
            emitContraction(product, to: result.windows(windows), start: .zeros)
            return result
        }
        let boxes = anyReference(node.operands[0])
        if windows.tiles(node.shape) {
            return boxes.joined(tiles: windows, of: node.shape)
                ?? contiguous(boxes, inOrder: windows.tileOrder).joined(tiles: windows, of: node.shape)!
        }
        let source = boxes.strides.last == 1 ? boxes : contiguous(boxes)
        emit(.fold(source: source, destination: result.windows(windows)), writing: id, reading: [source])
        return result
    }

    private mutating func emitContraction(_ product: NodeID, to result: Reference, start: Contraction.Start) {
        let node = graph.nodes[product]
        guard case .contraction(let stack, let depth) = node.operation else { preconditionFailure("not a contraction") }
        var contraction = Contraction(
            a: anyReference(node.operands[0]), b: anyReference(node.operands[1]), result: result, stack: stack,
            depth: depth, start: start)
        if ProductLoops(contraction).wantsCopyOfB {
            contraction.b = contiguous(contraction.b, inOrder: blockOrder(contraction))
        }
        var read = [contraction.a, contraction.b]
        if case .addend(let addend) = start { read.append(addend) }
        emit(.product(contraction), writing: result.base, reading: read)
    }

    /// The order of the dimensions of `b` in which what one kernel reads, its last dimension of depth and of columns,
    /// lies together.
    private func blockOrder(_ contraction: Contraction) -> [Int] {
        let axes = Array(contraction.b.shape.sizes.indices)
        let depths = axes[contraction.stack..<contraction.stack + contraction.depth]
        let columns = axes[(contraction.stack + contraction.depth)...]
        return axes[..<contraction.stack] + columns.dropLast() + depths + columns.suffix(1)
    }

    /// A copy without gaps whose dimensions lie in memory in the given order, outermost first.
    private mutating func contiguous(_ reference: Reference, inOrder order: [Int]) -> Reference {
        var inverse = order
        for (position, axis) in order.enumerated() { inverse[axis] = position }
        return contiguous(reference.transposed(order)).transposed(inverse)
    }
}
