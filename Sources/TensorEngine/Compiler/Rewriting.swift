import TensorKernels

/// A graph after the rewrites that need to know how often a value is used.
struct RewrittenGraph {
    var nodes: [Node]
    let outputs: [NodeID]
    let inputCount: Int
    /// Nodes that are computed as a matrix product.
    var products: [NodeID: Product] = [:]
    /// Which nodes still have to be computed.
    var needed: [Bool]

    /// Some of the rows of `a · b`, as many as the node has, added to another value where there is one.
    struct Product {
        var a: NodeID
        var b: NodeID
        var firstRow = 0
        var addend: NodeID?
    }

    init(_ graph: Graph) {
        nodes = graph.nodes
        outputs = graph.outputs
        inputCount = graph.inputShapes.count
        needed = [Bool](repeating: true, count: nodes.count)
        var uses = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { uses[operand] += 1 } }
        for output in outputs { uses[output] += 1 }
        fuseSlopes(uses)
        findProducts()

        for (id, node) in nodes.enumerated() where node.operation == .elementwise(.add) {
            for (term, addend) in [(node.operands[1], node.operands[0]), (node.operands[0], node.operands[1])]
            where term != addend && uses[term] == 1 && needed[term] {
                guard var product = products[term], product.addend == nil else { continue }
                product.addend = addend
                products[id] = product
                products[term] = nil
                needed[term] = false
                break
            }
            if products[id] != nil { continue }
            for (term, addend) in [(node.operands[0], node.operands[1]), (node.operands[1], node.operands[0])]
            where uses[term] == 1 && needed[term] && nodes[term].operation == .elementwise(.multiply) {
                fuse(id, product: term, addend: addend)
                break
            }
        }
    }

    /// Finds the matrix products, and computes only those rows that are used.
    ///
    /// A product that nothing but slices along its rows read is made slice by slice: the gradient by a concatenation
    /// is such a product, and often some of what was concatenated is constant.
    private mutating func findProducts() {
        var readers: [NodeID: [NodeID]] = [:]
        for (id, node) in nodes.enumerated() where needed[id] {
            for operand in node.operands { readers[operand, default: []].append(id) }
        }
        for (id, node) in nodes.enumerated() where node.operation == .matrixProduct {
            let product = Product(a: node.operands[0], b: node.operands[1])
            let slices = outputs.contains(id) ? [] : (readers[id] ?? [])
            let starts = slices.compactMap { firstRow(ofSlice: $0, of: id) }
            let rows = slices.reduce(0) { $0 + nodes[$1].shape[0] }
            guard !slices.isEmpty, starts.count == slices.count, rows <= node.shape[0] else {
                products[id] = product
                continue
            }
            needed[id] = false
            for (slice, start) in zip(slices, starts) {
                products[slice] = product
                products[slice]!.firstRow = start
            }
        }
    }

    /// Where a slice of whole rows begins; nil for any other node.
    private func firstRow(ofSlice id: NodeID, of product: NodeID) -> Int? {
        guard case .slice(let starts) = nodes[id].operation, starts.count == 2,
            nodes[id].shape[1] == nodes[product].shape[1]
        else { return nil }
        return starts[0]
    }

    private mutating func fuse(_ id: NodeID, product: NodeID, addend: NodeID) {
        nodes[id] = Node(
            operation: .elementwise(.multiplyAdd), operands: nodes[product].operands + [addend], shape: nodes[id].shape)
        needed[product] = false
    }
}
