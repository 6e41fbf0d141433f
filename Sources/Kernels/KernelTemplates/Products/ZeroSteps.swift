/// Steps of depth at which `a` is 0 in all rows of a tile: products there are 0, and a chain of additions that passes
/// over them has the same bits.
///
/// Pictures of digits, words counted in a text and units that are off give most tiles such steps: of MNIST's, seven in
/// ten. What 0 times it isn't 0, infinity and what is no number, is looked for beforehand. A chain that begins at -0 and
/// meets no element at all may end there, and not at 0.
extension Tile {
    /// The same as going through all of the panel's first part of depth.
    @inlinable @inline(always)
    func addingWhereNotZero(_ panel: Panel<Row.Target.Scalar>, _ firstA: UnsafePointer<Row.Target.Scalar>) -> Self {
        var tile = self
        var first = 0
        while first < panel.depth {
            let count = min(64, panel.depth &- first)
            let a = firstA + first &* panel.aColumnStride
            let b = panel.b + first &* panel.bRowStride
            var steps = Self.stepsWithElements(panel, a, count: count)
            while steps != 0 {
                let step = steps.trailingZeroBitCount
                steps &= steps &- 1
                tile = tile.adding(
                    a + step &* panel.aColumnStride, panel.aRowStride, times: Row.load(b + step &* panel.bRowStride))
            }
            first &+= 64
        }
        return tile
    }

    /// At which of 64 steps or fewer, from `a` on, there is an element other than 0: bit i for step i.
    @inlinable @inline(always)
    static func stepsWithElements(
        _ panel: Panel<Row.Target.Scalar>, _ a: UnsafePointer<Row.Target.Scalar>, count: Int
    ) -> UInt64 {
        panel.aRowStride == 1
            ? stepsWithElements(a, stride: panel.aColumnStride, count: count)
            : stepsWithElements(a, rowStride: panel.aRowStride, count: count)
    }

    /// Where the rows' elements of one step lie together.
    @inlinable @inline(always)
    static func stepsWithElements(_ a: UnsafePointer<Row.Target.Scalar>, stride: Int, count: Int) -> UInt64 {
        let words = rowCount &* MemoryLayout<Row.Target.Scalar>.stride / 8
        var steps: UInt64 = 0
        // The last one first: each moves those after it up by a bit, which is two additions.
        var elements = UnsafeRawPointer(a + (count &- 1) &* stride)
        for _ in 0..<count {
            var bits: UInt64 = 0
            for word in 0..<words { bits |= elements.loadUnaligned(fromByteOffset: 8 &* word, as: UInt64.self) }
            steps = steps &+ steps &+ (bits == 0 ? 0 : 1)
            elements -= stride &* MemoryLayout<Row.Target.Scalar>.stride
        }
        return steps
    }

    /// Where the steps of one row lie together.
    @inlinable @inline(always)
    static func stepsWithElements(_ a: UnsafePointer<Row.Target.Scalar>, rowStride: Int, count: Int) -> UInt64 {
        typealias Vector = Row.Target.Vector
        var steps: UInt64 = 0
        var first = 0
        while first &+ Vector.laneCount <= count {
            var bits = Vector.load(a + first)
            for row in 1..<rowCount { bits = .bitwiseOr(bits, .load(a + (row &* rowStride &+ first))) }
            steps |= bits.lanesWithBits &<< UInt64(truncatingIfNeeded: first)
            first &+= Vector.laneCount
        }
        while first < count {
            var isZero = true
            for row in 0..<rowCount where a[row &* rowStride &+ first] != 0 { isZero = false }
            if !isZero { steps |= 1 &<< UInt64(truncatingIfNeeded: first) }
            first &+= 1
        }
        return steps
    }
}

extension ProductKernel {
    /// Whether enough steps add nothing, by a look at a few, in a product that is worth the looking and whose operands
    /// lie in one place.
    @inlinable @inline(never)
    static func hasZeroSteps(_ block: MatrixProduct<Scalar>) -> Bool {
        guard block.laterParts.isEmpty, block.rows >= 8, block.depth >= 32, block.columns >= 8,
            block.bColumnStride == 1,
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
        // Looking at all of them takes about as long as a quarter of a narrow tile's products.
        return zeros &* 3 >= samples && hasFiniteRows(block)
    }

    /// Whether all of `b` is finite: 0 times what isn't is no number, and stays none.
    @inlinable @inline(always)
    static func hasFiniteRows(_ block: MatrixProduct<Scalar>) -> Bool {
        let laneCount = Target.Vector.laneCount
        let zero = Target.Vector(repeating: 0)
        // Four chains of additions, so that none waits for itself.
        var (first, second, third, fourth) = (zero, zero, zero, zero)
        var rest: Scalar = 0
        var step = 0
        while step < block.depth {
            // The last row again where there are no four.
            func row(_ index: Int) -> UnsafePointer<Scalar> {
                block.b + min(step &+ index, block.depth &- 1) &* block.bRowStride
            }
            let rows = (row(0), row(1), row(2), row(3))
            var column = 0
            while column &+ laneCount <= block.columns {
                first = Target.multiplyAdd(.load(rows.0 + column), zero, first)
                second = Target.multiplyAdd(.load(rows.1 + column), zero, second)
                third = Target.multiplyAdd(.load(rows.2 + column), zero, third)
                fourth = Target.multiplyAdd(.load(rows.3 + column), zero, fourth)
                column &+= laneCount
            }
            while column < block.columns {
                rest += (rows.0[column] * 0 + rows.1[column] * 0) + (rows.2[column] * 0 + rows.3[column] * 0)
                column &+= 1
            }
            step &+= 4
        }
        let sum = (first + second) + (third + fourth)
        for lane in 0..<laneCount { rest += sum[lane] }
        return rest == 0
    }
}
