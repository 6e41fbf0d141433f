/// Kernels that draw random numbers, many at a time: plain loops without branches, which the compiler turns into vector
/// instructions itself. All is integer arithmetic, products, sums and quotients, so every table has the same bits.
public enum RandomKernels<Target: KernelTarget> {
    /// Philox at counters one after the other, two words of 64 bits each.
    @inlinable @inline(always)
    public static func words(
        _ out: UnsafeMutablePointer<UInt64>, counter: UInt64, high: UInt64, key: UInt64, blocks: Int
    ) {
        for index in 0..<blocks {
            let block = Philox4x32.block(low: counter &+ UInt64(truncatingIfNeeded: index), high: high, key: key)
            out[2 &* index] = block.low
            out[2 &* index &+ 1] = block.high
        }
    }

    /// Numbers in (-1/2, 1/2) of words: odd multiples of 2^-54.
    @inlinable @inline(always)
    public static func offsets(_ out: UnsafeMutablePointer<Double>, _ words: UnsafePointer<UInt64>, _ count: Int) {
        for index in 0..<count {
            out[index] = (Double(Int64(bitPattern: words[index]) &>> 11) + 0.5) * 0x1p-53
        }
    }

    /// Multiples of 2^-53 in [0, 1), of words.
    @inlinable @inline(always)
    public static func shares(_ out: UnsafeMutablePointer<Double>, _ words: UnsafePointer<UInt64>, _ count: Int) {
        for index in 0..<count { out[index] = Double(Int64(bitPattern: words[index] &>> 11)) * 0x1p-53 }
    }

    /// The normal quantiles of 1/2 + these numbers, of those up to 0.425 in absolute value (Wichura 1988, algorithm AS 241);
    /// the others' are wrong.
    @inlinable @inline(always)
    public static func centralQuantiles(
        _ out: UnsafeMutablePointer<Double>, _ offsets: UnsafePointer<Double>, _ count: Int
    ) {
        for index in 0..<count {
            let offset = offsets[index]
            out[index] = offset * centralNormalRatio(0.180625 - offset * offset)
        }
    }
}

/// The quotient of the central one of Wichura's rational functions (1988, algorithm AS 241, PPND16).
@inlinable @inline(always)
public func centralNormalRatio(_ x: Double) -> Double {
    var above = 2509.0809287301226727
    above = above * x + 33430.575583588128105
    above = above * x + 67265.770927008700853
    above = above * x + 45921.953931549871457
    above = above * x + 13731.693765509461125
    above = above * x + 1971.5909503065514427
    above = above * x + 133.14166789178437745
    above = above * x + 3.3871328727963666080
    var below = 5226.4952788528545610
    below = below * x + 28729.085735721942674
    below = below * x + 39307.895800092710610
    below = below * x + 21213.794301586595867
    below = below * x + 5394.1960214247511077
    below = below * x + 687.18700749205790830
    below = below * x + 42.313330701600911252
    below = below * x + 1
    return above / below
}
