/// Kernels that move elements. Most are plain loops, which the compiler turns into vector instructions itself.
public enum MemoryKernels<Target: KernelTarget> {
    public typealias Scalar = Target.Scalar

    @inlinable @inline(always)
    public static func fill(_ out: UnsafeMutablePointer<Scalar>, _ value: Scalar, _ count: Int) {
        for index in 0..<count { out[index] = value }
    }

    @inlinable @inline(always)
    public static func gather(
        _ out: UnsafeMutablePointer<Scalar>, _ input: UnsafePointer<Scalar>, _ stride: Int, _ count: Int
    ) {
        for index in 0..<count { out[index] = input[index &* stride] }
    }

    /// Rows are often no longer than a vector or two, so that a call for each would cost more than the copy. The end of
    /// a row is copied as a whole vector too, over what was copied already.
    @inlinable @inline(always)
    public static func copyRows(
        _ out: UnsafeMutablePointer<Scalar>, outStride: Int, _ input: UnsafePointer<Scalar>, inputStride: Int,
        rows: Int, count: Int
    ) {
        let laneCount = Target.Vector.laneCount
        for row in 0..<rows {
            let target = out + row &* outStride
            let source = input + row &* inputStride
            if count < laneCount {
                for index in 0..<count { target[index] = source[index] }
                continue
            }
            var index = 0
            while index &+ laneCount <= count {
                Target.Vector.load(source + index).store(target + index)
                index &+= laneCount
            }
            if index < count { Target.Vector.load(source + (count &- laneCount)).store(target + (count &- laneCount)) }
        }
    }

    @inlinable @inline(always)
    public static func convertBytes(
        _ out: UnsafeMutablePointer<Scalar>, _ input: UnsafePointer<UInt8>, _ scale: Scalar, _ count: Int
    ) {
        for index in 0..<count { out[index] = Scalar(input[index]) * scale }
    }

    /// Writes the transpose of `input`, `[rows, columns]` with its rows `inputStride` apart, to rows `outStride` apart.
    @inlinable @inline(always)
    public static func transpose(
        _ out: UnsafeMutablePointer<Scalar>, outStride: Int,
        _ input: UnsafePointer<Scalar>, inputStride: Int, rows: Int, columns: Int
    ) {
        let wholeRows = rows & ~3
        let wholeColumns = columns & ~3
        var row = 0
        while row < wholeRows {
            var column = 0
            while column < wholeColumns {
                Scalar.transposeFourByFour(
                    out + (column &* outStride &+ row), outStride: outStride,
                    input + (row &* inputStride &+ column), inputStride: inputStride)
                column &+= 4
            }
            row &+= 4
        }
        for row in 0..<wholeRows {
            for column in wholeColumns..<columns { out[column &* outStride &+ row] = input[row &* inputStride &+ column] }
        }
        for row in wholeRows..<rows {
            for column in 0..<columns { out[column &* outStride &+ row] = input[row &* inputStride &+ column] }
        }
    }
}
