/// A row of coordinates that are neighbours in the parameter vector.
struct CoordinateRun {
    let first: Int
    let count: Int

    /// Calls `body` with the parts of the row whose slots are neighbours in one block, and with each part's first slot:
    /// negative where they have none.
    ///
    /// - Parameters:
    ///   - slots: of all coordinates, -1 for none; nil where each is the coordinate's number.
    ///   - length: of a block.
    @inline(__always)
    func forEachPart(
        slots: UnsafePointer<Int32>?, length: Int, _ body: (_ part: CoordinateRun, _ slot: Int) -> Void
    ) {
        var start = first
        let end = first + count
        while start < end {
            let slot = slots.map { Int($0[start]) } ?? start
            let longest = min(end - start, slot < 0 ? length : length - slot % length)
            var partCount = longest
            if let slots {
                let step: Int32 = slot < 0 ? 0 : 1
                partCount = 1
                while partCount < longest, slots[start + partCount] == slots[start + partCount - 1] + step {
                    partCount += 1
                }
            }
            body(CoordinateRun(first: start, count: partCount), slot)
            start += partCount
        }
    }
}

/// The coordinates at some positions of a list, as rows of neighbours.
extension UnsafePointer<Int32> {
    /// Calls `body` with every row, and the position where it begins.
    @inline(__always)
    func forEachRun(_ positions: Range<Int>, _ body: (_ position: Int, _ run: CoordinateRun) -> Void) {
        var position = positions.lowerBound
        while position < positions.upperBound {
            let run = run(position..<positions.upperBound)
            body(position, run)
            position += run.count
        }
    }

    /// The row that begins with the first of some positions.
    @inline(__always)
    func run(_ positions: Range<Int>) -> CoordinateRun {
        let start = self + positions.lowerBound
        var count = 1
        while count < positions.count, start[count] == start[count - 1] + 1 { count += 1 }
        return CoordinateRun(first: Int(start.pointee), count: count)
    }
}
