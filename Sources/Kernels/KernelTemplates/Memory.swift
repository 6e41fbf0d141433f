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
        guard rows >= 4, columns >= 4 else {
            for row in 0..<rows {
                for column in 0..<columns { out[column &* outStride &+ row] = input[row &* inputStride &+ column] }
            }
            return
        }
        // What a whole block would overrun, the last block reads and writes a second time.
        var row = 0
        while row < rows {
            let isEight = rows &- row > 4 && rows >= 8
            let first = min(row, rows &- (isEight ? 8 : 4))
            var column = 0
            while column < columns {
                let start = min(column, columns &- 4)
                let source = input + (first &* inputStride &+ start)
                let target = out + (start &* outStride &+ first)
                if isEight {
                    Scalar.transposeEightByFour(target, outStride: outStride, source, inputStride: inputStride)
                } else {
                    Scalar.transposeFourByFour(target, outStride: outStride, source, inputStride: inputStride)
                }
                column &+= 4
            }
            row &+= isEight ? 8 : 4
        }
    }
}
