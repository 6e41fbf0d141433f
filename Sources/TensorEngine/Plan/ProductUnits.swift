/// The parts in which some loops of a contraction are handed out: a group of the product's rows at one step of these
/// loops each. No two of them make the same element of the result.
struct ProductUnits {
    /// Neighbouring loops.
    let loops: Range<Int>
    /// How many steps they have together.
    let steps: Int
    /// In how many groups the product's rows are handed out: few steps alone would make unequal pieces.
    let groups: Int
    private let rows: Int
    private let rowsOfGroup: Int

    /// Enough for pieces that are nearly equal.
    static let wanted = 64
    /// With fewer rows at a time, products are slow.
    private static let fewestRows = 8

    /// - Parameter groupsRows: whether rows may be handed out in groups.
    init(_ loops: Range<Int>, of product: ProductLoops, groupsRows: Bool) {
        self.loops = loops
        steps = product.loops[loops].reduce(1) { $0 * $1.count }
        rows = product.rows.count
        let wantedGroups = groupsRows ? (Self.wanted + steps - 1) / max(steps, 1) : 1
        // Whole tiles of four rows.
        rowsOfGroup = wantedGroups == 1 ? rows : min(rows, max((rows / wantedGroups + 3) / 4 * 4, Self.fewestRows))
        groups = rows == 0 ? 1 : (rows + rowsOfGroup - 1) / rowsOfGroup
    }

    /// One group of rows at all steps comes before the next: pieces then read few rows of `a`.
    var count: Int { steps * groups }

    /// The rows of a unit, and at which step they are.
    func place(of unit: Int) -> (rows: Range<Int>, step: Int) {
        let (group, step) = unit.quotientAndRemainder(dividingBy: steps)
        return (group * rowsOfGroup..<min((group + 1) * rowsOfGroup, rows), step)
    }
}

extension ProductLoops {
    /// What can be cut into pieces that share no element of the result.
    enum Cut {
        case units(ProductUnits)
        /// The rows of the product.
        case rows
        /// The columns of the product.
        case columns
    }

    /// How many columns a product has at least that is cut along them, however few rows it has.
    private static let wide = 1024

    /// What to cut, if there is anything.
    ///
    /// - Parameter overwrites: whether nothing has to be in the result beforehand. If something has, it is written to
    ///   the part of the result that a piece makes, so steps of one loop must make up the result one after the other.
    func cut(resultCount: Int, overwrites: Bool) -> Cut? {
        func isCut(_ loop: Loop) -> Bool {
            loop.count > 1 && (overwrites ? !loop.isDepth : loop.c * loop.count == resultCount)
        }
        guard let first = loops.firstIndex(where: isCut) else {
            // Of a wide product, pieces then read each a part of the larger operand.
            if overwrites, columns.count >= max(Self.wide, 8 * rows.count) { return .columns }
            return isCut(rows) ? .rows : nil
        }
        var end = first + 1
        var steps = loops[first].count
        while overwrites, steps < ProductUnits.wanted, end < loops.count, !loops[end].isDepth {
            steps *= loops[end].count
            end += 1
        }
        return .units(ProductUnits(first..<end, of: self, groupsRows: overwrites))
    }
}
