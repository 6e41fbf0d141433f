/// A contraction as loops around a matrix product.
///
/// Neighbouring dimensions become one where the strides of all operands allow it. The last dimension of rows, of depth
/// and of columns that remain make the product; the others are loops around it. Every element of the result is still
/// one chain of multiply-adds, in an order that depends on shapes and strides alone.
struct ProductLoops {
    /// One dimension, and the distances between neighbours along it in both operands `a` and `b` and in the result `c`.
    struct Loop {
        var count: Int
        var a: Int
        var b: Int
        var c: Int
        /// Whether products of its steps are added up.
        var isDepth: Bool { c == 0 }
    }

    /// The loops around the product, outermost first.
    private(set) var loops: [Loop] = []
    /// Steps that belong to the product itself: it goes through its depth at each of them, in their order.
    private(set) var joined = Loop(count: 1, a: 0, b: 0, c: 0)
    /// The dimensions of the product: `[rows, depth] · [depth, columns]`.
    private(set) var rows = Loop(count: 1, a: 0, b: 0, c: 0)
    private(set) var depth = Loop(count: 1, a: 0, b: 0, c: 0)
    private(set) var columns = Loop(count: 1, a: 0, b: 0, c: 1)

    /// How many elements of the result a product should have at most if loops of depth come back to it: they stay in
    /// the first-level cache.
    private static let longestBlock = 4096
    /// How many rows a block has at least.
    private static let fewestRows = 16
    /// How deep products become at most by steps that are joined: deep enough for the result to be read and written
    /// seldom, while what a product reads of both operands stays in the first-level cache.
    private static let longestJoinedDepth = 128

    /// How many columns a product with a small `a` has at most, where they can be cut equally.
    private static let longestRow = 1024

    init(_ contraction: Contraction) {
        let (stack, depths) = (contraction.stack, contraction.depth)
        let (a, b, c) = (contraction.a, contraction.b, contraction.result)
        let rowCount = a.shape.rank - stack - depths
        let stacked = (0..<stack).map { Loop(count: a.shape[$0], a: a.strides[$0], b: b.strides[$0], c: c.strides[$0]) }
        var rowLoops = Self.merged(
            (stack..<stack + rowCount).map { Loop(count: a.shape[$0], a: a.strides[$0], b: 0, c: c.strides[$0]) })
        var depthLoops = Self.merged(
            (stack..<stack + depths).map {
                Loop(count: b.shape[$0], a: a.strides[rowCount + $0], b: b.strides[$0], c: 0)
            })
        if let last = rowLoops.popLast() { rows = last }
        if let last = depthLoops.popLast() { depth = last }
        // Rows that overlap in the result must not do so within one product.
        let room = rows.count > 1 ? rows.c : Int.max
        var columnLoops = Self.merged(
            (stack + depths..<b.shape.rank).map {
                Loop(count: b.shape[$0], a: 0, b: b.strides[$0], c: c.strides[rowCount - depths + $0])
            }, room: room)
        if let last = columnLoops.last, last.c == 1, last.count <= room { columns = columnLoops.removeLast() }
        if columns.count == 1 { columns.b = 1 }
        if depth.count == 1, columns.b != 1 { depth.b = 1 }
        loops = rowLoops + depthLoops + columnLoops
        if !depthLoops.isEmpty { splitRows() }
        splitColumns()
        order()
        if contraction.laterRows.isEmpty { joinDepth() }
        loops = stacked.filter { $0.count != 1 } + loops
    }

    /// Whether every element of the result is a sum of no products.
    var isEmptySum: Bool { depth.count == 0 || loops.contains { $0.isDepth && $0.count == 0 } }

    /// How many multiply-adds there are.
    var work: Int { loops.reduce(rows.count * depth.count * joined.count * columns.count) { $0 * $1.count } }

    /// Whether `b` should be copied so that its columns are contiguous: the kernel can't read it as it is, or would
    /// pack the same part at every call.
    var wantsCopyOfB: Bool {
        columns.b != 1 && (depth.b != 1 || loops.contains { $0.b == 0 && $0.count > 1 })
    }

    /// Joins neighbouring dimensions that all operands step through as through one, up to `room` elements.
    static func merged(_ dimensions: [Loop], room: Int = .max) -> [Loop] {
        var result: [Loop] = []
        for inner in dimensions.reversed() where inner.count != 1 {
            if let last = result.last, inner.a == last.a * last.count, inner.b == last.b * last.count,
                inner.c == last.c * last.count, inner.count * last.count <= room
            {
                result[result.count - 1].count *= inner.count
            } else {
                result.append(inner)
            }
        }
        return result.reversed()
    }

    /// Cuts the product's rows into equal blocks, so that the block of the result stays in the first-level cache.
    private mutating func splitRows() {
        let fitting = (Self.fewestRows..<max(rows.count, Self.fewestRows)).last {
            rows.count % $0 == 0 && $0 * columns.count <= Self.longestBlock
        }
        guard rows.count * columns.count > Self.longestBlock, let block = fitting else { return }
        loops.append(Loop(count: rows.count / block, a: rows.a * block, b: 0, c: rows.c * block))
        rows.count = block
    }

    /// Cuts the columns into equal blocks that stay in the first-level cache with all rows of both operands, where
    /// nothing of `a` has to be copied again for each block.
    private mutating func splitColumns() {
        guard columns.count > Self.longestRow, columns.b == 1, rows.count * depth.count <= 256 else { return }
        let blocks = stride(from: Self.longestRow, to: 255, by: -16)
        guard let block = blocks.first(where: { columns.count % $0 == 0 }) else { return }
        loops.append(Loop(count: columns.count / block, a: 0, b: block, c: block))
        columns.count = block
    }

    /// The loop with the longest steps through `a` comes first: what belongs to one image stays in the caches. Of the
    /// others, those that move less memory come further inside.
    private mutating func order() {
        guard let first = loops.indices.max(by: { loops[$0].a < loops[$1].a }) else { return }
        let outermost = loops.remove(at: first)
        let movements = loops.map { $0.movement(self) }
        let order = loops.indices.sorted { (-movements[$0], $0) < (-movements[$1], $1) }
        loops = [outermost] + order.map { loops[$0] }
    }

    /// Joins steps of the innermost loop, if it is one of depth, in equal numbers.
    private mutating func joinDepth() {
        guard let last = loops.last, last.isDepth, depth.count > 0, columns.b == 1 else { return }
        let steps = (1...max(1, last.count)).last {
            last.count % $0 == 0 && $0 * depth.count <= Self.longestJoinedDepth
        }
        guard let steps, steps > 1 else { return }
        joined = Loop(count: steps, a: last.a, b: last.b, c: 0)
        loops[loops.count - 1] = Loop(count: last.count / steps, a: last.a * steps, b: last.b * steps, c: 0)
    }
}

extension ProductLoops.Loop {
    /// How many elements of memory one step of this loop brings to a product.
    fileprivate func movement(_ product: ProductLoops) -> Int {
        let (rows, depth, columns) = (product.rows.count, product.depth.count, product.columns.count)
        return (a == 0 ? 0 : rows * depth) + (b == 0 ? 0 : depth * columns) + (c == 0 ? 0 : 2 * rows * columns)
    }
}
