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
    /// Where the rows of `b` go on that don't follow its first ones, as in a concatenation that was never put together.
    var laterRows: [Reference] = []
    /// `[stack…, rows…, columns…]`. Rows may overlap where the products are added to zeros.
    var result: Reference
    var stack: Int
    var depth: Int
    var start: Start
    /// Whether 0 takes the place of results below it.
    var isRectified = false
}

extension Lowering {
    /// A contraction as the value of node `id`, or added to the windows of that value.
    mutating func lowerProduct(_ id: NodeID, _ product: RewrittenGraph.Product) -> Reference {
        let result = Reference(base: id, shape: graph.nodes[id].shape)
        let parts = readInParts[product.b]?.map { anyReference($0) } ?? [anyReference(product.b)]
        var b = parts[0]
        b.shape = graph.nodes[product.b].shape
        var contraction = Contraction(
            a: anyReference(product.a), b: b, laterRows: Array(parts.dropFirst()), result: result, stack: product.stack,
            depth: product.depth, start: .nothing, isRectified: product.isRectified)
        if let rows = product.rows {
            let others = contraction.a.shape.sizes.dropFirst()
            contraction.a = contraction.a.sliced(
                starts: [rows.lowerBound] + others.map { _ in 0 }, shape: Shape([rows.count] + others))
        }
        if let windows = product.windows {
            contraction.result = result.windows(windows)
            contraction.start = .zeros
        } else if let addend = product.addend {
            contraction.start = .addend(anyReference(addend))
        }
        if ProductLoops(contraction).wantsCopyOfB {
            contraction.b = contiguous(contraction.b, inOrder: blockOrder(contraction))
        }
        var read = [contraction.a, contraction.b] + contraction.laterRows
        if case .addend(let addend) = contraction.start { read.append(addend) }
        emit(.product(contraction), writing: id, reading: read)
        return result
    }

    /// A fold of what is in memory: a view where the windows tile the result, else a sum.
    mutating func fold(_ id: NodeID, _ node: Node, _ windows: Windows) -> Reference {
        let result = Reference(base: id, shape: node.shape)
        let boxes = anyReference(node.operands[0])
        if windows.tiles(node.shape) {
            return boxes.joined(tiles: windows, of: node.shape)
                ?? contiguous(boxes, inOrder: windows.tileOrder).joined(tiles: windows, of: node.shape)!
        }
        let source = boxes.strides.last == 1 ? boxes : contiguous(boxes)
        emit(.fold(source: source, destination: result.windows(windows)), writing: id, reading: [source])
        return result
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
        contiguous(reference.transposed(order)).transposed(Reference.inverse(of: order))
    }
}
