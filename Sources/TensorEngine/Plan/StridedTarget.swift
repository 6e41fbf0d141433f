import TensorKernels

/// Where elements in linear order go in memory by a pattern of strides, of which the last is 1.
struct StridedTarget {
    let place: Place
    let pattern: AccessPattern

    /// Writes a range of the elements from contiguous memory.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func store<Scalar: TensorScalar>(
        _ range: Range<Int>, from elements: UnsafeMutablePointer<Scalar>, _ memory: PlanMemory<Scalar>
    ) {
        let start = memory.pointer(place)
        let run = pattern.sizes[pattern.sizes.count - 1]
        var position = range.lowerBound
        var source = elements
        while position < range.upperBound {
            let (index, within) = position.quotientAndRemainder(dividingBy: run)
            let out = start + pattern.outerOffset(index) + within
            var count = min(run - within, range.upperBound - position)
            if within == 0, let (following, rowStride) = pattern.rows(from: index),
                case let rows = min(following, (range.upperBound - position) / run), rows > 0
            {
                memory.kernels.copyRows(out, rowStride, source, run, rows, run)
                count = rows * run
            } else {
                out.update(from: source, count: count)
            }
            position += count
            source += count
        }
    }
}
