import TensorKernels

/// A graph after the rewrites that need to know how often a value is used.
struct RewrittenGraph {
    var nodes: [Node]
    var outputs: [NodeID]
    /// The slot of the first output.
    var firstOutput = 0
    /// The outputs that may be bound to the very memory of an input, with this input's index.
    var updating: [Int: Int]
    var inputCount: Int
    /// Nodes that are computed as a contraction.
    var products: [NodeID: Product] = [:]
    /// Which nodes still have to be computed.
    var needed: [Bool]

    /// A contraction, or a part of one, and what becomes of it.
    struct Product {
        var a: NodeID
        var b: NodeID
        /// See `Operation.contraction`.
        var stack: Int
        var depth: Int
        /// Which part of the first dimension of `a` is wanted, if not all.
        var rows: Range<Int>?
        /// The value that the products are added to, if any.
        var addend: NodeID?
        /// The windows of the node's value that the products are added to, where the node is their fold.
        var windows: Windows?
        /// Whether 0 takes the place of sums below it.
        var isRectified = false

        /// Whether it can still be added to something.
        var isPlain: Bool { addend == nil && windows == nil }

        /// Whether it reads a value as the second operand of a matrix product, and as nothing else.
        func readsRows(of id: NodeID) -> Bool { b == id && a != id && addend != id && stack == 0 && depth == 1 }
    }

    init(_ graph: Graph) {
        let graph = graph.turningProducts()
        nodes = graph.nodes
        outputs = graph.outputs
        updating = graph.updating
        inputCount = graph.inputShapes.count
        needed = [Bool](repeating: true, count: nodes.count)
        let uses = graph.useCounts
        fuseSlopes(uses)
        findProducts()
        addUp(uses)
        rectify(uses)
        fuseGates(uses)
    }

    /// Has a sum's terms added where they are made: a product in its own memory, a multiplication as one operation.
    private mutating func addUp(_ uses: [Int]) {
        for (id, node) in nodes.enumerated() {
            if case .fold(let windows) = node.operation { fold(node.operands[0], into: id, windows, uses) }
            guard node.operation == .elementwise(.add) else { continue }
            for (term, addend) in [(node.operands[1], node.operands[0]), (node.operands[0], node.operands[1])]
            where term != addend && uses[term] == 1 && needed[term] {
                guard var product = products[term], product.isPlain else { continue }
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

    /// Has ReLU written where a product is made of which nothing else is read.
    private mutating func rectify(_ uses: [Int]) {
        for (id, node) in nodes.enumerated() where node.operation == .elementwise(.maximum) {
            let (sum, bound) = (node.operands[0], node.operands[1])
            guard nodes[bound].operation == .constant(0), uses[sum] == 1, needed[sum], var product = products[sum],
                product.windows == nil, nodes[product.a].shape.count > 0, nodes[product.b].shape.count > 0
            else { continue }
            product.isRectified = true
            products[id] = product
            products[sum] = nil
            needed[sum] = false
        }
    }

    /// The nodes to compute that read each node; nil where it is an output.
    var readers: [[NodeID]?] {
        var result = [[NodeID]?](repeating: [], count: nodes.count)
        for id in nodes.indices where needed[id] {
            for operand in operands(of: id) { result[operand]?.append(id) }
        }
        for output in outputs { result[output] = nil }
        return result
    }

    /// Adds a contraction that is read by nothing but its fold straight into the folded value.
    private mutating func fold(_ term: NodeID, into id: NodeID, _ windows: Windows, _ uses: [Int]) {
        guard var product = products[term], product.isPlain, uses[term] == 1 else { return }
        product.windows = windows
        products[id] = product
        products[term] = nil
        needed[term] = false
    }

    /// Finds the contractions, and computes only those rows that are used.
    ///
    /// A contraction that nothing but slices along its rows read, and not all of them, is made slice by slice: the
    /// gradient by a concatenation is such a product, and often some of what was concatenated is constant.
    private mutating func findProducts() {
        var readers: [NodeID: [NodeID]] = [:]
        for (id, node) in nodes.enumerated() where needed[id] {
            for operand in node.operands { readers[operand, default: []].append(id) }
        }
        for (id, node) in nodes.enumerated() {
            guard case .contraction(let stack, let depth) = node.operation else { continue }
            let product = Product(a: node.operands[0], b: node.operands[1], stack: stack, depth: depth)
            let slices = outputs.contains(id) ? [] : (readers[id] ?? [])
            let starts = slices.compactMap { firstRow(ofSlice: $0, of: id) }
            let hasRows = stack == 0 && nodes[product.a].shape.rank > depth
            guard hasRows, !slices.isEmpty, starts.count == slices.count,
                slices.reduce(0, { $0 + nodes[$1].shape[0] }) < node.shape[0]
            else {
                products[id] = product
                continue
            }
            needed[id] = false
            for (slice, start) in zip(slices, starts) {
                products[slice] = product
                products[slice]!.rows = start..<start + nodes[slice].shape[0]
            }
        }
    }

    /// Where a slice of whole rows begins; nil for any other node.
    private func firstRow(ofSlice id: NodeID, of product: NodeID) -> Int? {
        guard case .slice(let starts) = nodes[id].operation, let first = starts.first,
            nodes[id].shape.sizes.dropFirst() == nodes[product].shape.sizes.dropFirst()
        else { return nil }
        return first
    }

    private mutating func fuse(_ id: NodeID, product: NodeID, addend: NodeID) {
        nodes[id] = Node(
            operation: .elementwise(.multiplyAdd), operands: nodes[product].operands + [addend], shape: nodes[id].shape)
        needed[product] = false
    }
}
