import TensorKernels

/// The rows of several values that lie in memory by one pattern, often between each other: those of pooled windows do.
///
/// To go through them row by row, and not value by value, is to go through memory in order, which processors foresee.
struct InterleavedRows {
    private let pattern: AccessPattern
    private let length: Int

    /// Shorter rows would cost more in calls.
    private static let shortest = 16

    /// Nil where the patterns of values differ, or have no rows worth it.
    init?(_ patterns: [AccessPattern]) {
        guard patterns.count > 1, let pattern = patterns.first, patterns.allSatisfy({ $0 == pattern }),
            pattern.sizes.count > 1, pattern.strides.last == 1, let length = pattern.sizes.last,
            length >= Self.shortest
        else { return nil }
        self.pattern = pattern
        self.length = length
    }

    /// Calls `body` for each row, or part of one, of a range of elements: with its offset in memory, with the elements
    /// of the range before it, and with how many it has.
    ///
    /// Values are left to the body: handed on from here, what describes them would count references at every row.
    @inline(__always)
    func forEach(of range: Range<Int>, _ body: (_ offset: Int, _ start: Int, _ count: Int) -> Void) {
        var position = range.lowerBound
        while position < range.upperBound {
            let (row, within) = position.quotientAndRemainder(dividingBy: length)
            let count = min(length - within, range.upperBound - position)
            body(pattern.outerOffset(row) + within, position - range.lowerBound, count)
            position += count
        }
    }
}
