/// Kernels that draw random numbers, many at a time: plain loops without branches, which the compiler turns into vector
/// instructions itself. All is integer arithmetic, products, sums and quotients, so every table has the same bits.
public enum RandomKernels<Target: KernelTarget> {
    /// Philox4x32-10 (Salmon et al. 2011) at counters one after the other, two words of 64 bits each.
    @inlinable @inline(always)
    public static func words(
        _ out: UnsafeMutablePointer<UInt64>, counter: UInt64, high: UInt64, key: UInt64, blocks: Int
    ) {
        let mask: UInt64 = 0xFFFF_FFFF
        for block in 0..<blocks {
            let low = counter &+ UInt64(truncatingIfNeeded: block)
            var state = (low & mask, low &>> 32, high & mask, high &>> 32)
            round(&state, key, 0)
            round(&state, key, 1)
            round(&state, key, 2)
            round(&state, key, 3)
            round(&state, key, 4)
            round(&state, key, 5)
            round(&state, key, 6)
            round(&state, key, 7)
            round(&state, key, 8)
            round(&state, key, 9)
            out[2 &* block] = state.0 | state.1 &<< 32
            out[2 &* block &+ 1] = state.2 | state.3 &<< 32
        }
    }

    @inlinable @inline(always)
    static func round(_ state: inout (UInt64, UInt64, UInt64, UInt64), _ key: UInt64, _ number: UInt64) {
        let mask: UInt64 = 0xFFFF_FFFF
        let key0 = ((key & mask) &+ number &* 0x9E37_79B9) & mask
        let key1 = ((key &>> 32) &+ number &* 0xBB67_AE85) & mask
        let product0 = 0xD251_1F53 &* state.0
        let product1 = 0xCD9E_8D57 &* state.2
        state = (
            (product1 &>> 32) ^ state.1 ^ key0, product1 & mask, (product0 &>> 32) ^ state.3 ^ key1, product0 & mask
        )
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
