/// Kernels that move elements. They are plain loops, which the compiler turns into vector instructions itself.
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

    @inlinable @inline(always)
    public static func convertBytes(
        _ out: UnsafeMutablePointer<Scalar>, _ input: UnsafePointer<UInt8>, _ scale: Scalar, _ count: Int
    ) {
        for index in 0..<count { out[index] = Scalar(input[index]) * scale }
    }

    /// Writes the transpose of `input`, `[rows, columns]` with its rows `inputStride` apart, to rows `outStride` apart.
    ///
    /// Four rows at a time, so that each line of the output is written a quarter of a line at once.
    @inlinable @inline(always)
    public static func transpose(
        _ out: UnsafeMutablePointer<Scalar>, outStride: Int,
        _ input: UnsafePointer<Scalar>, inputStride: Int, rows: Int, columns: Int
    ) {
        var row = 0
        while row &+ 4 <= rows {
            let source = input + row &* inputStride
            let target = out + row
            for column in 0..<columns {
                let from = source + column
                let to = target + column &* outStride
                to[0] = from[0]
                to[1] = from[inputStride]
                to[2] = from[2 &* inputStride]
                to[3] = from[3 &* inputStride]
            }
            row &+= 4
        }
        while row < rows {
            for column in 0..<columns { out[column &* outStride &+ row] = input[row &* inputStride &+ column] }
            row &+= 1
        }
    }
}
