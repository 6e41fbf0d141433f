/// Steps of depth at which `a` is 0 in all rows of a tile: products there are 0, and a chain of additions that passes
/// over them has the same bits.
///
/// Pictures of digits, words counted in a text and units that are off give most tiles such steps: of MNIST's, seven in
/// ten. What 0 times it isn't 0, infinity and what is no number, is looked for beforehand. A chain that begins at -0 and
/// meets no element at all may end there, and not at 0.
extension Tile {
    /// The same as going through all of the panel's first part of depth.
    ///
    /// - Parameters:
    ///   - steps: those at which there are elements, in pairs of rows.
    ///   - row: even, the tile's first.
    @inlinable @inline(always)
    func addingWhereNotZero(
        _ panel: Panel<Row.Target.Scalar>, _ steps: ElementSteps, row: Int, _ firstA: UnsafePointer<Row.Target.Scalar>
    ) -> Self {
        var tile = self
        var first = 0
        while first < panel.depth {
            let a = firstA + first &* panel.aColumnStride
            let b = panel.b + first &* panel.bRowStride
            var word: UInt64 = 0
            for pair in 0..<Self.rowCount / 2 { word |= steps[row / 2 &+ pair, first / 64] }
            // Later steps belong to other parts of depth.
            if panel.depth &- first < 64 { word &= (1 &<< UInt64(truncatingIfNeeded: panel.depth &- first)) &- 1 }
            while word != 0 {
                let step = word.trailingZeroBitCount
                word &= word &- 1
                tile = tile.adding(
                    a + step &* panel.aColumnStride, panel.aRowStride, times: Row.load(b + step &* panel.bRowStride))
            }
            first &+= 64
        }
        return tile
    }
}

/// At which steps of depth a pair of rows has elements other than 0: a word of bits for each pair and each 64 steps.
///
/// All panels of a block of rows read them, so that nobody looks twice.
@usableFromInline
struct ElementSteps {
    /// No alignment is asked of the scratch memory where they lie.
    @usableFromInline var words: UnsafeMutableRawPointer

    @inlinable @inline(always)
    init(words: UnsafeMutableRawPointer) { self.words = words }

    /// Words of one pair of rows: enough for a block's depth.
    @inlinable @inline(always)
    static var wordsPerPair: Int { 4 }

    /// Elements of scratch memory that they take for a block of rows.
    @inlinable @inline(always)
    static func scratch<Scalar>(rows: Int, of scalar: Scalar.Type) -> Int {
        (rows + 1) / 2 * wordsPerPair * MemoryLayout<UInt64>.stride / MemoryLayout<Scalar>.stride
    }

    @inlinable
    subscript(pair: Int, word: Int) -> UInt64 {
        @inline(__always) get {
            words.loadUnaligned(fromByteOffset: (pair &* Self.wordsPerPair &+ word) &* 8, as: UInt64.self)
        }
        @inline(__always) nonmutating set {
            words.storeBytes(of: newValue, toByteOffset: (pair &* Self.wordsPerPair &+ word) &* 8, as: UInt64.self)
        }
    }
}

extension ProductKernel {
    /// Looks for the elements of a block whose rows or whose steps lie together.
    @inlinable @inline(never)
    static func findElements(
        _ a: UnsafePointer<Scalar>, rows: Int, depth: Int, rowStride: Int, columnStride: Int, _ steps: ElementSteps
    ) {
        var word = 0
        while word &* 64 < depth {
            let first = a + word &* 64 &* columnStride
            let count = min(64, depth &- word &* 64)
            if columnStride == 1 {
                findInRows(first, rows: rows, count: count, rowStride: rowStride, word, steps)
            } else {
                findInColumns(first, rows: rows, count: count, columnStride: columnStride, word, steps)
            }
            word &+= 1
        }
    }

    /// Where the steps of one row lie together: a vector is as many steps.
    @inlinable @inline(always)
    static func findInRows(
        _ a: UnsafePointer<Scalar>, rows: Int, count: Int, rowStride: Int, _ word: Int, _ steps: ElementSteps
    ) {
        let laneCount = Target.Vector.laneCount
        let bitsPerLane = 8 &* MemoryLayout<Scalar>.stride
        var row = 0
        while row < rows {
            let upper = a + row &* rowStride
            let lower = row &+ 1 < rows ? upper + rowStride : upper
            var bits: UInt64 = 0
            var step = 0
            while step < count {
                let end = min(step &+ bitsPerLane, count)
                var found = Target.Vector(repeating: 0)
                var bit = Target.Vector.laneBits
                var next = step
                while next < end {
                    let lanes = min(laneCount, end &- next)
                    let elements =
                        lanes == laneCount
                        ? Target.Vector.bitwiseOr(.load(upper + next), .load(lower + next))
                        : .bitwiseOr(.load(upper + next, count: lanes), .load(lower + next, count: lanes))
                    found = .bitwiseOr(found, .bitwiseAnd(elements.filledWhereBits, bit))
                    bit = bit.shiftedLeft(by: laneCount)
                    next &+= laneCount
                }
                bits |= found.sumOfBits &<< UInt64(truncatingIfNeeded: step)
                step = end
            }
            steps[row / 2, word] = bits
            row &+= 2
        }
    }

    /// Where the rows' elements of one step lie together: a vector is as many rows, and each of its lanes gathers the
    /// bits of a row.
    @inlinable @inline(always)
    static func findInColumns(
        _ a: UnsafePointer<Scalar>, rows: Int, count: Int, columnStride: Int, _ word: Int, _ steps: ElementSteps
    ) {
        let laneCount = Target.Vector.laneCount
        let bitsPerLane = 8 &* MemoryLayout<Scalar>.stride
        var row = 0
        while row < rows {
            let lanes = min(laneCount, rows &- row)
            var step = 0
            while step < count {
                let end = min(step &+ bitsPerLane, count)
                var found = Target.Vector(repeating: 0)
                var bit = Target.Vector(repeating: Scalar.fromBits(1))
                var elements = a + (row &+ step &* columnStride)
                for _ in step..<end {
                    let filled =
                        (lanes == laneCount ? Target.Vector.load(elements) : .load(elements, count: lanes))
                        .filledWhereBits
                    found = .bitwiseOr(found, .bitwiseAnd(filled, bit))
                    bit = bit.shiftedLeft(by: 1)
                    elements += columnStride
                }
                for pair in 0..<laneCount / 2 where 2 &* pair < lanes {
                    let bits = found.bits(ofLane: 2 &* pair) | found.bits(ofLane: 2 &* pair &+ 1)
                    let earlier = step == 0 ? 0 : steps[row / 2 &+ pair, word]
                    steps[row / 2 &+ pair, word] = earlier | bits &<< UInt64(truncatingIfNeeded: step)
                }
                step = end
            }
            row &+= laneCount
        }
    }

    /// Whether enough steps add nothing, by a look at a few, in a product that is worth the looking and whose operands
    /// lie in one place.
    @inlinable @inline(never)
    static func hasZeroSteps(_ block: MatrixProduct<Scalar>) -> Bool {
        guard block.laterParts.isEmpty, block.rows >= 8, block.depth >= 32, block.columns >= 8,
            block.bColumnStride == 1, block.aColumnStride == 1 || block.aRowStride == 1,
            block.rows &* block.depth &* block.columns >= 131_072
        else { return false }
        let samples = 16
        var zeros = 0
        for sample in 0..<samples {
            // Of each sixteenth of the rows one group, each at another sixteenth of the depth.
            let row = sample &* (block.rows &- tileRows) / (samples &- 1)
            let step = (7 &* sample) % samples &* block.depth / samples
            let first = block.a + (row &* block.aRowStride &+ step &* block.aColumnStride)
            var isZero = true
            for lane in 0..<tileRows where first[lane &* block.aRowStride] != 0 { isZero = false }
            if isZero { zeros &+= 1 }
        }
        return zeros &* 3 >= samples && hasFiniteRows(block)
    }

    /// Whether all of `b` is finite: 0 times what isn't is no number, and stays none.
    @inlinable @inline(always)
    static func hasFiniteRows(_ block: MatrixProduct<Scalar>) -> Bool {
        let laneCount = Target.Vector.laneCount
        // What isn't finite has all bits of its exponent, and one more carries over to the sign.
        let lowestExponent = Target.Vector(repeating: Scalar.leastNormalMagnitude)
        var found = Target.Vector(repeating: 0)
        for step in 0..<block.depth {
            let row = block.b + step &* block.bRowStride
            var column = 0
            while column &+ laneCount <= block.columns {
                found = .bitwiseOr(found, .integerAdd(Target.Vector.load(row + column).magnitude, lowestExponent))
                column &+= laneCount
            }
            if column < block.columns {
                let end = Target.Vector.load(row + column, count: block.columns &- column)
                found = .bitwiseOr(found, .integerAdd(end.magnitude, lowestExponent))
            }
        }
        return Target.Vector.bitwiseAnd(found.signBits.filledWhereBits, .laneBits).sumOfBits == 0
    }
}
